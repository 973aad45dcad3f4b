//! `/api/bookmarks` (USER)

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use contracts::{
    content::{Bookmark, BookmarkStatus, Bookmarks},
    problem::Problem,
};
use http::StatusCode;
use kit::{
    ApiError, ApiResult,
    auth::Viewer,
    extract::{Path, Query},
    id,
};

use super::paging::Paging;
use crate::{
    app::App,
    posts,
    store::{self, bookmarks, posts::Post},
};

/// `GET /api/bookmarks`
#[utoipa::path(
    get, path = "/api/bookmarks", tag = "bookmarks", operation_id = "bookmarks_list",
    description = "What the caller bookmarked, newest first.",
    params(Paging), security(("bearer" = [])), responses((status = 200, body = Bookmarks)),
)]
pub(crate) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(paging): Query<Paging>,
) -> ApiResult<Json<Bookmarks>> {
    let (page, size) = paging.get()?;
    Ok(Json(bookmarks::page(&app.db, &viewer, page, size).await?))
}

/// `POST /api/bookmarks/:postId`
#[utoipa::path(
    post, path = "/api/bookmarks/{post}", tag = "bookmarks", operation_id = "bookmarks_add",
    description = "Bookmarks a post. A second time changes nothing.",
    params(("post" = String, Path, description = "Id of the post")), security(("bearer" = [])),
    responses((status = 201, body = Bookmark), (status = 200, body = Bookmark, description = "It was there already")),
)]
pub(crate) async fn add(State(app): State<App>, viewer: Viewer, Path(post): Path<String>) -> ApiResult<Response> {
    let post = posts::readable(&app, &post, Some(&viewer)).await?;
    let tx = app.db.begin().await?;
    // Locked, so that it cannot be purged meanwhile and leave this behind.
    let there = store::posts::lock(&tx, &post.id).await?.is_some_and(|post| Post::is_there(&post));
    if !there {
        return Err(Problem::not_found("post").into());
    }
    let is_new = bookmarks::add(&tx, viewer.id(), &post.id, app.clock.millis()).await?;
    let bookmark = bookmarks::find(&tx, viewer.id(), &post.id).await?;
    let bookmark = bookmark.ok_or_else(|| ApiError::internal("the new bookmark is gone"))?;
    tx.commit().await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(bookmark)).into_response())
}

/// `DELETE /api/bookmarks/:postId`
#[utoipa::path(
    delete, path = "/api/bookmarks/{post}", tag = "bookmarks", operation_id = "bookmarks_remove",
    description = "Removes a bookmark, if there is one.",
    params(("post" = String, Path, description = "Id of the post")), security(("bearer" = [])),
    responses((status = 204, description = "It is not there")),
)]
pub(crate) async fn remove(State(app): State<App>, viewer: Viewer, Path(post): Path<String>) -> ApiResult<StatusCode> {
    let post = id::parse(&post).ok_or_else(|| Problem::not_found("post"))?;
    bookmarks::remove(app.db.write(), viewer.id(), &post).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/bookmarks/:postId/status`
#[utoipa::path(
    get, path = "/api/bookmarks/{post}/status", tag = "bookmarks", operation_id = "bookmarks_status",
    description = "Whether the caller bookmarked a post.",
    params(("post" = String, Path, description = "Id of the post")), security(("bearer" = [])),
    responses((status = 200, body = BookmarkStatus)),
)]
pub(crate) async fn status(
    State(app): State<App>,
    viewer: Viewer,
    Path(post): Path<String>,
) -> ApiResult<Json<BookmarkStatus>> {
    let post = id::parse(&post).ok_or_else(|| Problem::not_found("post"))?;
    let bookmarked = bookmarks::find(app.db.read(), viewer.id(), &post).await?.is_some();
    Ok(Json(BookmarkStatus { bookmarked }))
}
