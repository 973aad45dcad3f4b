//! `GET /api/drafts?page&size&post&author` (AUTHOR): one's own, last changed first; an admin may ask for
//! those of another author, or with `author=all` for everybody's.

use axum::{Json, extract::State};
use contracts::{
    blog::{DraftSummary, Paged},
    module::Role,
};
use kit::{ApiResult, auth::Viewer, extract::Query};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    app::App,
    routes::page::{Page, given},
    store::{drafts, posts, row::unsigned},
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// From 1, which it is when absent.
    #[param(minimum = 1, maximum = 100_000)]
    page: Option<u32>,
    /// From 1 to 100; 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    size: Option<u32>,
    /// Slug of a post: only the drafts that change it.
    post: Option<String>,
    /// Id of an author, or `all` (ADMIN).
    author: Option<String>,
}

#[utoipa::path(get, path = "/api/drafts", tag = "drafts", params(Params), security(("bearer" = [])),
    responses((status = 200, description = "Last changed first", body = Paged<DraftSummary>)))]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Query(params): Query<Params>,
) -> ApiResult<Json<Paged<DraftSummary>>> {
    viewer.require(Role::Author)?;
    let (page, size) = Page { page: params.page, size: params.size }.checked()?;
    let author = match given(params.author.as_deref()) {
        Some(asked) if asked != viewer.id() => {
            viewer.require(Role::Admin)?;
            (asked != "all").then_some(asked)
        }
        _ => Some(viewer.id()),
    };
    let post = match given(params.post.as_deref()) {
        None => None,
        Some(slug) => match posts::by_slug(&app.db, slug).await? {
            Some(post) => Some(post.into_post(false).summary.id),
            None => return Ok(Json(Paged::default())),
        },
    };
    let (items, total) = drafts::list(&app.db, author, post.as_deref(), page, size).await?;
    Ok(Json(Paged { items, total: unsigned(total) }))
}
