use leptos::either::Either;
use leptos::prelude::*;

use crate::state::{Notice, Shell};
use crate::text::{status_text, text};

/// What stands in the outlet's place when no area does, always with a way on.
#[component]
pub(crate) fn NoticePage(shell: Shell) -> impl IntoView {
    move || {
        shell.notice.get().map(|notice| match notice {
            Notice::Status(status) => {
                Either::Left(view! { <StatusPage status signed_in=shell.viewer.get().is_some()/> })
            }
            Notice::Broken(area) => Either::Right(view! { <BrokenArea area/> }),
        })
    }
}

#[component]
fn StatusPage(status: u16, signed_in: bool) -> impl IntoView {
    let text = text();
    let (title, hint) = status_text(status);
    view! {
        <section class="notice-page">
            <p class="notice-page__code" aria-hidden="true">{status.to_string()}</p>
            <h1>{title}</h1>
            <p>{hint}</p>
            <p class="notice-page__actions">
                <a class="button button--primary" href="/">{text.home}</a>
                {(status == 403 && !signed_in).then(|| view! { <a class="button" href="/login">{text.sign_in}</a> })}
            </p>
        </section>
    }
}

#[component]
fn BrokenArea(area: String) -> impl IntoView {
    let text = text();
    view! {
        <section class="notice-page" role="alert" data-broken=area>
            <h1>{text.broken}</h1>
            <p>{text.broken_hint}</p>
            <p class="notice-page__actions">
                <button class="button button--primary" type="button" data-retry="">{text.retry}</button>
                <a class="button" href="/">{text.home}</a>
            </p>
        </section>
    }
}
