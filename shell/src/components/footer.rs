use leptos::prelude::*;

use crate::state::Shell;
use crate::text::text;

/// The end of every page, with what is rarely looked for.
#[component]
pub(crate) fn Footer(shell: Shell) -> impl IntoView {
    let site = shared_ui::site_name();
    view! {
        <footer class="site-footer">
            <div class="wrap site-footer__row">
                <p class="site-footer__name">{site}</p>
                <nav aria-label=text().footer_nav>
                    <ul role="list">{move || shell.links("footer")}</ul>
                </nav>
                <p>{text().footer}</p>
            </div>
        </footer>
    }
}
