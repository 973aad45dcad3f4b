//! Composition: one endpoint for each page, one view-model each (`contracts::pages`).
//!
//! A required part that fails is the page's problem; an optional one leaves its corner empty and its name in
//! the page's `missing`. To add a page: its type in `contracts`, a file here, a line in [`routes`].

mod admin;
mod archive;
mod bugs;
mod cards;
mod comments;
mod composed;
mod covers;
mod export;
mod home;
mod links;
mod lists;
mod login;
mod mine;
mod notices;
mod post;
mod search;
mod settings;
mod terms;

use std::sync::Arc;

use axum::{Router, middleware::from_fn, routing::get};
use contracts::{
    module::{Role, Viewer},
    problem::Problem,
};
use kit::{ApiError, ApiResult};
use serde::Deserialize;

pub(crate) use composed::MadeOf;

use crate::{backend::Backend, sessions::Visitor, upstream::within_page_deadline};

/// Posts on a page of a public list.
const PAGE_SIZE: u32 = 12;
/// Rows on a page of a table.
const TABLE_SIZE: u32 = 20;

/// `/bff/pages/…`
pub(crate) fn routes() -> Router<Arc<Backend>> {
    Router::new()
        .route("/bff/pages/home", get(home::page))
        .route("/bff/pages/posts", get(lists::posts))
        .route("/bff/pages/categories", get(terms::categories))
        .route("/bff/pages/categories/{slug}", get(lists::category))
        .route("/bff/pages/tags", get(terms::tags))
        .route("/bff/pages/tags/{slug}", get(lists::tag))
        .route("/bff/pages/authors/{id}", get(lists::author))
        .route("/bff/pages/archive", get(archive::page))
        .route("/bff/pages/search", get(search::page))
        .route("/bff/pages/notices", get(notices::list))
        .route("/bff/pages/notices/{slug}", get(notices::notice))
        .route("/bff/pages/pages/{slug}", get(notices::page))
        .route("/bff/pages/post/{slug}", get(post::page))
        .route("/bff/pages/my/settings", get(settings::page))
        .route("/bff/pages/my/bookmarks", get(mine::bookmarks))
        .route("/bff/pages/my/comments", get(mine::comments))
        .route("/bff/pages/bug-reports", get(bugs::page))
        .route("/bff/pages/setup", get(links::setup))
        .route("/bff/pages/reset/{token}", get(links::reset))
        .route("/bff/pages/verify/{token}", get(links::verify))
        .route("/bff/pages/login", get(login::page))
        .merge(admin::routes())
        .route("/bff/{*rest}", get(async || ApiError::from(Problem::not_found("page"))))
        .layer(from_fn(within_page_deadline))
        // All of it, so it takes its time.
        .route("/my/export.json", get(export::all))
}

/// The visitor, if they may at least do what `role` may.
fn require(visitor: &Visitor, role: Role) -> ApiResult<&Viewer> {
    match visitor.viewer() {
        None => Err(Problem::unauthenticated().into()),
        Some(viewer) if viewer.role < role => Err(Problem::forbidden().into()),
        Some(viewer) => Ok(viewer),
    }
}

/// Optional parts that could not be had.
#[derive(Default)]
struct Missing(Vec<String>);

impl Missing {
    /// An optional part: why it cannot be had goes to the log, and the page does without.
    fn or_default<T: Default>(&mut self, part: &'static str, result: ApiResult<T>) -> T {
        result.unwrap_or_else(|error: ApiError| {
            tracing::warn!(part, code = %error.problem().code, "an optional part of a page is not available");
            self.0.push(part.to_owned());
            T::default()
        })
    }
}

/// `?page=` of a list.
#[derive(Deserialize)]
struct PageQuery {
    page: Option<String>,
}

impl PageQuery {
    fn number(&self) -> u32 {
        page_number(self.page.as_deref())
    }
}

/// What is no page number is the first page.
fn page_number(page: Option<&str>) -> u32 {
    page.and_then(|page| page.parse().ok()).filter(|page| (1..=100_000).contains(page)).unwrap_or(1)
}

/// A count for a browser, which has no use for more.
fn small(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// A query of those pairs that say something; starts with `?`, or is empty.
fn query(pairs: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
    match query.finish() {
        query if query.is_empty() => query,
        query => format!("?{query}"),
    }
}
