use leptos::prelude::*;

/// A line icon of 24 × 24. Decoration: what it means stands beside it.
#[component]
pub(crate) fn Icon(
    /// The path's data.
    path: &'static str,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
            <path d=path></path>
        </svg>
    }
}

pub(crate) const SUN: &str = "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4";
pub(crate) const MOON: &str = "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5";
pub(crate) const SCREEN: &str = "M4 5h16v11H4zM9 20h6M12 16v4";
pub(crate) const CHEVRON: &str = "M7 10l5 5 5-5";
