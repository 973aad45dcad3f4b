use contracts::problem::Problem;
use leptos::prelude::*;
use shared_ui::components::Failure;

/// A path of the area that is no page.
pub(crate) fn page() -> impl IntoView {
    #[cfg(feature = "server")]
    shared_ui::server::set_status(404, None);
    view! { <Failure problem=Problem::not_found("page")/> }
}
