use contracts::pages::{AdminHomePage, ModuleRow};
use leptos::prelude::*;
use shared_ui::{Day, use_page};

use super::head;
use crate::components::{AdminHead, PostTable, Section};
use crate::text::text;

/// `/admin`
pub(crate) fn page(read: Option<String>) -> impl IntoView {
    use_page::<AdminHomePage>(read).show(|_| head(text().dashboard), view)
}

fn view(home: AdminHomePage) -> impl IntoView {
    let text = text();
    let AdminHomePage { public_posts, drafts, users, categories, tags, recent, modules, .. } = home;
    let numbers = [
        (text.published_posts, Some(public_posts)),
        (text.drafts, Some(drafts)),
        (text.users, users),
        (text.categories, Some(categories)),
        (text.tags, Some(tags)),
    ];
    let figures = numbers
        .into_iter()
        .filter_map(|(label, number)| Some((label, number?)))
        .map(|(label, number)| view! { <div class="figure"><dt>{label}</dt><dd>{number.to_string()}</dd></div> })
        .collect::<Vec<_>>();
    view! {
        <div class="admin">
            <AdminHead section=Section::Dashboard title=text.dashboard/>
            <dl class="figures">{figures}</dl>
            <section class="panel" aria-labelledby="recent">
                <h2 id="recent">{text.recent}</h2>
                <PostTable rows=recent/>
            </section>
            {(!modules.is_empty()).then(|| view! { <Modules modules/> })}
        </div>
    }
}

#[component]
fn Modules(modules: Vec<ModuleRow>) -> impl IntoView {
    let text = text();
    let rows = modules
        .into_iter()
        .map(|module| {
            view! {
                <tr>
                    <th scope="row">{module.name}</th>
                    <td>{module.version}</td>
                    <td class="nowrap"><Day time=module.released_at/></td>
                    <td class="number">{module.renders.to_string()}</td>
                    <td class="number">{module.failures.to_string()}</td>
                </tr>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <section class="panel" aria-labelledby="modules">
            <h2 id="modules">{text.modules}</h2>
            <div class="table-wrap" role="group" aria-labelledby="modules" tabindex="0">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{text.module}</th>
                            <th scope="col">{text.version}</th>
                            <th scope="col">{text.released}</th>
                            <th scope="col" class="number">{text.renders}</th>
                            <th scope="col" class="number">{text.failures}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}
