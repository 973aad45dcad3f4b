use contracts::module::Viewer;
use leptos::either::Either;
use leptos::prelude::*;
use shared_ui::components::Avatar;

use super::icon::Icon;
use crate::state::Shell;
use crate::text::text;

/// Sign in, or the menu of the signed-in visitor.
#[component]
pub(crate) fn Account(shell: Shell) -> impl IntoView {
    move || match shell.viewer.get() {
        None => Either::Left(view! { <a class="button button--small" href="/login">{text().sign_in}</a> }),
        Some(viewer) => Either::Right(view! { <Menu shell viewer/> }),
    }
}

/// A `details`, so that it opens without JavaScript too.
#[component]
fn Menu(shell: Shell, viewer: Viewer) -> impl IntoView {
    let text = text();
    view! {
        <details class="menu" data-menu="">
            <summary class="menu__button">
                <span class="visually-hidden">{text.account}": "</span>
                <Avatar name=viewer.name.clone() picture=viewer.avatar/>
                <span class="menu__name">{viewer.name}</span>
                <Icon name="chevron"/>
            </summary>
            <div class="menu__sheet">
                <ul role="list">{move || shell.links("account")}</ul>
                <form method="post" action="/forms/logout">
                    <button class="menu__item" type="submit">{text.sign_out}</button>
                </form>
            </div>
        </details>
    }
}
