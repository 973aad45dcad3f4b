use leptos::prelude::*;

use crate::text;

/// The outline of a page whose data is on its way.
#[component]
pub fn Skeleton() -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{text().loading}</span>
            <span class="skeleton-line wide"></span>
            <span class="skeleton-line"></span>
            <span class="skeleton-line"></span>
            <span class="skeleton-line short"></span>
        </div>
    }
}
