//! Searching.

mod find;
mod rebuild;
mod reconcile;
mod suggest;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// The routes.
pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(find::handle))
        .routes(routes!(suggest::handle))
        .routes(routes!(rebuild::handle))
        .routes(routes!(reconcile::handle))
}
