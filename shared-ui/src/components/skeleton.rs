use leptos::prelude::*;

use crate::text;

/// The outline of a page whose data is on its way.
#[component]
pub fn Skeleton() -> impl IntoView {
    view! {
        <div class="skeleton-page" role="status">
            <span class="visually-hidden">{text().loading}</span>
            <div class="skeleton skeleton--title"></div>
            <div class="skeleton skeleton--line"></div>
            <div class="skeleton skeleton--line"></div>
            <div class="skeleton skeleton--block"></div>
        </div>
    }
}
