//! `/api/categories` and `/api/tags`: the same of two kinds.

mod read;
mod write;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// The routes of both kinds.
pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read::categories, write::create_category))
        .routes(routes!(read::category, write::update_category, write::delete_category))
        .routes(routes!(write::merge_categories))
        .routes(routes!(read::tags, write::create_tag))
        .routes(routes!(read::tag, write::update_tag, write::delete_tag))
        .routes(routes!(write::merge_tags))
}
