//! What other services may know of posts: `GET /internal/posts?after=&limit=`, `GET
//! /internal/posts/:id[/exists|/visibility]`.

use axum::{Json, extract::State};
use contracts::{
    blog::{InternalPosts, PostExists, PostRef, PostStatus, PostVisibility, WholePost},
    module::Role,
    problem::Problem,
};
use kit::{
    ApiResult,
    auth::ServiceCaller,
    extract::{Path, Query},
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    app::App,
    routes::page::refused,
    store::{facts, posts, redirects},
};

const DEFAULT_LIMIT: u32 = 200;
const MAX_LIMIT: u32 = 500;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct After {
    /// The last id of the page before.
    after: Option<String>,
    /// From 1 to 500; 200 when absent.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

#[utoipa::path(get, path = "/internal/posts", tag = "internal", params(After),
    responses((status = 200, description = "All posts there are, by id", body = InternalPosts)))]
pub(crate) async fn list(
    _: ServiceCaller,
    State(app): State<App>,
    Query(params): Query<After>,
) -> ApiResult<Json<InternalPosts>> {
    let limit = params.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(refused("limit", format!("From 1 to {MAX_LIMIT}.")).into());
    }
    let items = facts::page(&app.db, params.after.as_deref().unwrap_or_default(), limit).await?;
    let full = items.len() == usize::try_from(limit).unwrap_or(usize::MAX);
    let next = items.last().filter(|_| full).map(|post| post.post_id.clone());
    Ok(Json(InternalPosts { items, next }))
}

#[utoipa::path(get, path = "/internal/posts/{id}", tag = "internal", params(("id" = String, Path)),
    responses((status = 200, description = "The post, in the trash or not", body = PostRef)))]
pub(crate) async fn one(_: ServiceCaller, State(app): State<App>, Path(id): Path<String>) -> ApiResult<Json<PostRef>> {
    match posts::reference(&app.db, &id).await? {
        Some((post, _)) => Ok(Json(post)),
        None => Err(Problem::not_found("post").into()),
    }
}

#[utoipa::path(get, path = "/internal/posts/{id}/whole", tag = "internal", params(("id" = String, Path)),
    responses((status = 200, description = "The post with its source and old paths", body = WholePost)))]
pub(crate) async fn whole(
    _: ServiceCaller,
    State(app): State<App>,
    Path(id): Path<String>,
) -> ApiResult<Json<WholePost>> {
    let post = posts::by_id(&app.db, &id).await?.ok_or_else(|| Problem::not_found("post"))?.into_post(true);
    let aliases = redirects::of_post(&app.db, &id).await?;
    Ok(Json(WholePost { post, aliases }))
}

#[utoipa::path(get, path = "/internal/posts/{id}/exists", tag = "internal", params(("id" = String, Path)),
    responses((status = 200, description = "Whether it is there", body = PostExists)))]
pub(crate) async fn exists(
    _: ServiceCaller,
    State(app): State<App>,
    Path(id): Path<String>,
) -> ApiResult<Json<PostExists>> {
    let exists = posts::reference(&app.db, &id).await?.is_some();
    Ok(Json(PostExists { exists }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Who {
    /// Id of a user; absent for a guest.
    viewer: Option<String>,
    /// Their role.
    #[param(inline, value_type = Option<String>)]
    role: Option<Role>,
}

#[utoipa::path(get, path = "/internal/posts/{id}/visibility", tag = "internal",
    params(("id" = String, Path), Who),
    responses((status = 200, description = "Whether they may see it", body = PostVisibility)))]
pub(crate) async fn visibility(
    _: ServiceCaller,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(who): Query<Who>,
) -> ApiResult<Json<PostVisibility>> {
    let Some((post, comments_allowed)) = posts::reference(&app.db, &id).await? else {
        return Ok(Json(PostVisibility::default()));
    };
    let own = match (&who.viewer, who.role) {
        (_, Some(Role::Admin)) => true,
        (Some(viewer), Some(Role::Author)) => *viewer == post.author_id,
        _ => false,
    };
    let visible = match post.status {
        PostStatus::Public => true,
        // What is thrown away is for the trash alone.
        PostStatus::Trashed => false,
        _ => own,
    };
    Ok(Json(PostVisibility { visible, comments_allowed: visible && comments_allowed }))
}
