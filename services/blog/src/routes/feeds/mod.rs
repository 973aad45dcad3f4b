//! Feeds, the map of the site and the rules for robots.

mod answer;
mod feed;
mod sitemap;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// The routes.
pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(feed::rss))
        .routes(routes!(feed::atom))
        .routes(routes!(feed::json))
        .routes(routes!(feed::category))
        .routes(routes!(feed::tag))
        .routes(routes!(feed::author))
        .routes(routes!(sitemap::whole))
        .routes(routes!(sitemap::part))
        .routes(routes!(sitemap::robots))
}
