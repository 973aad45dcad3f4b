use leptos::prelude::*;
use shared_ui::flash_text;

use crate::state::Shell;

/// Messages that go away by themselves. The one that came with the document is there from the start;
/// the script half adds the others and takes all of them away.
#[component]
pub(crate) fn Toasts(shell: Shell) -> impl IntoView {
    let flash = shell.request.with_value(|request| request.flash.clone());
    view! {
        <div id="maru-toasts" class="toasts" role="status" aria-live="polite">
            {flash.map(|flash| {
                let class = ["toast toast--", &flash.level].concat();
                view! { <p class=class>{flash_text(&flash.code)}</p> }
            })}
        </div>
    }
}
