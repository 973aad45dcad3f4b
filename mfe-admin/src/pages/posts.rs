use contracts::pages::AdminPostsPage;
use leptos::prelude::*;
use shared_ui::components::Pager;
use shared_ui::use_page;

use super::head;
use crate::components::{AdminHead, PostTable, Section};
use crate::routes::Filter;
use crate::text::text;

/// `/admin/posts`
pub(crate) fn page(read: Option<String>, filter: Filter) -> impl IntoView {
    use_page::<AdminPostsPage>(read).show(|_| head(text().posts), move |page| view(page, &filter))
}

fn view(page: AdminPostsPage, filter: &Filter) -> impl IntoView + use<> {
    let text = text();
    let base = "/admin/posts".to_owned() + &filter.query();
    view! {
        <div class="admin">
            <AdminHead section=Section::Posts title=text.posts/>
            <form class="filter" action="/admin/posts" method="get" role="search">
                <label class="visually-hidden" for="post-search">{text.search_label}</label>
                <input class="input" id="post-search" type="search" name="q" value=page.q placeholder=text.search_label/>
                <label class="visually-hidden" for="post-status">{text.status}</label>
                <StatusSelect status=page.status/>
                <button class="button" type="submit">{text.search}</button>
            </form>
            <PostTable rows=page.items actions=true/>
            <Pager page=page.page size=page.size total=page.total base/>
        </div>
    }
}

#[component]
fn StatusSelect(status: String) -> impl IntoView {
    let text = text();
    let options = [
        ("", text.all),
        ("PUBLIC", text.public),
        ("DRAFT", text.draft),
        ("PRIVATE", text.private),
        ("TRASHED", text.trashed),
    ]
    .map(|(value, label)| view! { <option value=value selected=status == value>{label}</option> });
    view! { <select class="select" id="post-status" name="status">{options}</select> }
}
