//! `/internal/*`: for other services, with the service token.

mod counts;
mod drafts;
mod images;
mod import;
mod import_terms;
mod posts;
mod reconcile;
mod redirects;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// The routes.
pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(posts::list))
        .routes(routes!(counts::handle))
        .routes(routes!(drafts::handle))
        .routes(routes!(images::handle))
        .routes(routes!(posts::one))
        .routes(routes!(posts::whole))
        .routes(routes!(posts::exists))
        .routes(routes!(posts::visibility))
        .routes(routes!(redirects::handle))
        .routes(routes!(import_terms::category))
        .routes(routes!(import_terms::tag))
        .routes(routes!(import_terms::whole))
        .routes(routes!(import::handle))
        .routes(routes!(reconcile::handle))
}
