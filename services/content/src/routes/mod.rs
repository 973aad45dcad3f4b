//! One file a route.

mod bookmarks;
mod caller;
mod comments;
mod internal;
mod likes;
mod moderation;
mod paging;

use axum::middleware::from_fn_with_state;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{answers, app::App};

/// All routes.
pub(crate) fn router(app: App) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(comments::list::handle))
        .routes(routes!(comments::create::handle))
        .routes(routes!(comments::preview::handle))
        .routes(routes!(comments::mine::handle))
        .routes(routes!(comments::read::handle, comments::update::handle, comments::delete::handle))
        .routes(routes!(comments::restore::handle))
        .routes(routes!(comments::like::handle))
        .routes(routes!(comments::report::handle))
        .routes(routes!(moderation::queue::handle))
        .routes(routes!(moderation::bulk::handle))
        .routes(routes!(moderation::approve))
        .routes(routes!(moderation::hide))
        .routes(routes!(moderation::purge))
        .routes(routes!(moderation::settings::read, moderation::settings::update))
        .routes(routes!(moderation::bans::list))
        .routes(routes!(moderation::bans::end))
        .routes(routes!(moderation::bans::add))
        .routes(routes!(likes::toggle))
        .routes(routes!(likes::status))
        .routes(routes!(bookmarks::list))
        .routes(routes!(bookmarks::add, bookmarks::remove))
        .routes(routes!(bookmarks::status))
        .routes(routes!(internal::counts))
        .routes(routes!(internal::reconcile))
        .routes(routes!(internal::export::handle))
        .routes(routes!(internal::import::handle))
        .layer(from_fn_with_state(app.clone(), answers::forget_after_change))
        .with_state(app)
}
