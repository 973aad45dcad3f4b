use leptos::prelude::*;

use crate::state::Shell;
use crate::text::flash_text;

/// Messages that go away by themselves. The one that came with the document is there from the start;
/// the script half adds the others and takes all of them away.
#[component]
pub(crate) fn Toasts(shell: Shell) -> impl IntoView {
    let flash = shell.served.with_value(|served| served.flash.clone());
    view! {
        <div id="maru-toasts" class="toasts" role="status" aria-live="polite">
            {flash.map(|flash| {
                let class = ["toast toast--", &flash.level].concat();
                view! { <p class=class>{flash_text(&flash.code)}</p> }
            })}
        </div>
    }
}
