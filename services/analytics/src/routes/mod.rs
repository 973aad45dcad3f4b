//! One file a route.

mod bugs;
mod client;
mod internal;
mod pageviews;
mod realtime;
mod scope;
mod stats;
mod views;
mod visitors;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// All routes.
pub(crate) fn router(app: App) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(views::post))
        .routes(routes!(views::page))
        .routes(routes!(visitors::handle))
        .routes(routes!(stats::handle))
        .routes(routes!(realtime::handle))
        .routes(routes!(pageviews::handle))
        .routes(routes!(bugs::list::handle, bugs::create::handle))
        .routes(routes!(bugs::read::handle))
        .routes(routes!(bugs::respond::handle))
        .routes(routes!(internal::views))
        .routes(routes!(internal::images::handle))
        .routes(routes!(internal::tell))
        .routes(routes!(internal::forget))
        .routes(routes!(internal::reconcile))
        .with_state(app)
}
