//! Pages of the admin area. Those of authors show their own.

mod analytics;
mod comments;
mod drafts;
mod edit;
mod home;
mod images;
mod management;
pub(super) mod pages;
mod posts;
mod revisions;
mod terms;
mod users;

use std::sync::Arc;

use axum::{Router, routing::get};

use crate::backend::Backend;

/// `/bff/pages/admin/…`
pub(super) fn routes() -> Router<Arc<Backend>> {
    Router::new()
        .route("/bff/pages/admin", get(home::page))
        .route("/bff/pages/admin/posts", get(posts::page))
        .route("/bff/pages/admin/posts/new", get(edit::new))
        .route("/bff/pages/admin/posts/edit/{slug}", get(edit::edit))
        .route("/bff/pages/admin/posts/revisions/{slug}", get(revisions::page))
        .route("/bff/pages/admin/drafts", get(drafts::list))
        .route("/bff/pages/admin/drafts/{id}", get(drafts::edit))
        .route("/bff/pages/admin/categories", get(terms::categories))
        .route("/bff/pages/admin/tags", get(terms::tags))
        .route("/bff/pages/admin/comments", get(comments::page))
        .route("/bff/pages/admin/users", get(users::page))
        .route("/bff/pages/admin/pages", get(pages::list))
        .route("/bff/pages/admin/pages/new", get(pages::new))
        .route("/bff/pages/admin/pages/edit/{id}", get(pages::edit))
        .route("/bff/pages/admin/images", get(images::page))
        .route("/bff/pages/admin/analytics", get(analytics::page))
        .route("/bff/pages/admin/management", get(management::all))
        .route("/bff/pages/admin/backups", get(management::backups))
        .route("/bff/pages/admin/dead-letters", get(management::dead_letters))
        .route("/bff/pages/admin/audit", get(management::audit))
        .route("/bff/pages/admin/settings", get(management::settings))
}
