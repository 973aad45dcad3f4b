//! One file a route.

mod drafts;
mod feeds;
mod internal;
mod page;
mod posts;
mod revisions;
mod search;
mod terms;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// All routes, and what they say of themselves.
pub(crate) fn router(app: App) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(posts::list::handle, posts::create::handle))
        .routes(routes!(posts::bulk::handle))
        .routes(routes!(posts::featured::handle))
        .routes(routes!(posts::read::handle, posts::update::handle, posts::delete::handle))
        .routes(routes!(posts::restore::handle))
        .routes(routes!(posts::adjacent::handle))
        .routes(routes!(posts::related::handle))
        .routes(routes!(posts::preview::handle))
        .routes(routes!(revisions::list::handle))
        .routes(routes!(revisions::diff::handle))
        .routes(routes!(revisions::read::handle))
        .routes(routes!(revisions::restore::handle))
        .routes(routes!(drafts::list::handle, drafts::create::handle))
        .routes(routes!(drafts::read::handle, drafts::update::handle, drafts::delete::handle))
        .routes(routes!(drafts::publish::handle))
        .merge(terms::router())
        .merge(search::router())
        .merge(feeds::router())
        .merge(internal::router())
        .with_state(app)
}
