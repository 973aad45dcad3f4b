use leptos::prelude::*;

use crate::text::text;

/// A yes-or-no question; the script half fills in and opens it.
#[component]
pub(crate) fn Dialog() -> impl IntoView {
    let text = text();
    view! {
        <dialog id="maru-dialog" class="dialog" aria-labelledby="maru-dialog-title" aria-describedby="maru-dialog-text">
            <form method="dialog">
                <h2 id="maru-dialog-title">{text.confirm_title}</h2>
                <p id="maru-dialog-text"></p>
                <div class="dialog__actions">
                    <button class="button" value="no">{text.cancel}</button>
                    <button class="button button--primary" value="yes">{text.confirm}</button>
                </div>
            </form>
        </dialog>
    }
}
