use leptos::prelude::*;

use crate::text::text;

/// The end of every page.
#[component]
pub(crate) fn Footer() -> impl IntoView {
    let site = shared_ui::site_name();
    view! {
        <footer class="site-footer">
            <div class="wrap site-footer__row">
                <p class="site-footer__name">{site}</p>
                <p>{text().footer}</p>
            </div>
        </footer>
    }
}
