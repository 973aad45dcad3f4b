//! Composition: one endpoint for each page, one view-model each (`contracts::pages`).
//!
//! A required part that fails is the page's problem; an optional one leaves its corner empty.
//! To add a page: its type in `contracts`, a file here, a line in [`routes`].

mod admin;
mod admin_edit;
mod admin_posts;
mod cards;
mod home;
mod lists;
mod post;
mod settings;
mod setup;
mod terms;

use std::sync::Arc;

use axum::{Router, routing::get};
use contracts::{
    module::{Role, Viewer},
    problem::Problem,
};
use kit::{ApiError, ApiResult};

use crate::{backend::Backend, sessions::Visitor};

/// Posts on a page of a public list.
const PAGE_SIZE: u32 = 12;
/// Rows on a page of the admin's table.
const ADMIN_PAGE_SIZE: u32 = 20;

/// `/bff/pages/…`
pub(crate) fn routes() -> Router<Arc<Backend>> {
    Router::new()
        .route("/bff/pages/home", get(home::page))
        .route("/bff/pages/posts", get(lists::posts))
        .route("/bff/pages/categories/{slug}", get(lists::category))
        .route("/bff/pages/tags/{slug}", get(lists::tag))
        .route("/bff/pages/post/{slug}", get(post::page))
        .route("/bff/pages/my/settings", get(settings::page))
        .route("/bff/pages/setup", get(setup::page))
        .route("/bff/pages/admin", get(admin::page))
        .route("/bff/pages/admin/posts", get(admin_posts::page))
        .route("/bff/pages/admin/posts/new", get(admin_edit::new))
        .route("/bff/pages/admin/posts/edit/{slug}", get(admin_edit::edit))
        .route("/bff/{*rest}", get(async || ApiError::from(Problem::not_found("page"))))
}

/// The visitor, if they may at least do what `role` may.
fn require(visitor: &Visitor, role: Role) -> ApiResult<&Viewer> {
    match visitor.viewer() {
        None => Err(Problem::unauthenticated().into()),
        Some(viewer) if viewer.role < role => Err(Problem::forbidden().into()),
        Some(viewer) => Ok(viewer),
    }
}

/// An optional part: what it is when it cannot be had goes to the log, and the page does without.
fn optional<T: Default>(part: &'static str, result: ApiResult<T>) -> T {
    result.unwrap_or_else(|error: ApiError| {
        tracing::warn!(part, code = %error.problem().code, "an optional part of a page is not available");
        T::default()
    })
}

/// `?page=`; what is no page number is the first page.
fn page_number(page: Option<&str>) -> u32 {
    page.and_then(|page| page.parse().ok()).filter(|page| (1..=100_000).contains(page)).unwrap_or(1)
}
