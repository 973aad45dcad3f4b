//! One file a route.

mod internal;
mod posts;
mod terms;

use axum::{
    Router,
    routing::{get, put},
};

use crate::app::App;

/// All routes.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/api/posts", get(posts::list::handle).post(posts::create::handle))
        .route("/api/posts/featured", get(posts::featured::handle))
        .route("/api/posts/{slug}", get(posts::read::handle).put(posts::update::handle).delete(posts::delete::handle))
        .route("/api/categories", get(terms::categories))
        .route("/api/categories/{slug}", get(terms::category))
        .route("/api/tags", get(terms::tags))
        .route("/api/tags/{slug}", get(terms::tag))
        .route("/internal/posts/counts", get(internal::counts::handle))
        .route("/internal/redirects", get(internal::redirects::handle))
        .route("/internal/import/categories", put(internal::import_category::handle))
        .route("/internal/import/posts", put(internal::import::handle))
        .with_state(app)
}
