//! One file a route.

mod internal;
mod pages;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// All routes.
pub(crate) fn router(app: App) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(pages::list::handle, pages::create::handle))
        .routes(routes!(pages::list::notices))
        .routes(routes!(pages::read::handle, pages::update::handle, pages::trash::delete))
        .routes(routes!(pages::trash::restore))
        .routes(routes!(pages::trash::purge))
        .routes(routes!(internal::places))
        .routes(routes!(internal::images::handle))
        .routes(routes!(internal::whole))
        .routes(routes!(internal::with_aliases))
        .routes(routes!(internal::redirects))
        .routes(routes!(internal::reconcile))
        .routes(routes!(internal::import::handle))
        .with_state(app)
}
