use leptos::prelude::*;

/// A line icon. Decoration: what it means stands beside it.
#[component]
pub(crate) fn Icon(
    /// Its name in `style/components.css` of `shared-ui`.
    name: &'static str,
) -> impl IntoView {
    view! { <i class=["icon icon--", name].concat()></i> }
}
