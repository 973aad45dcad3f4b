//! `/api/likes`

use axum::{Json, extract::State};
use contracts::{content::LikeStatus, problem::Problem};
use kit::{
    ApiResult,
    extract::{Path, Query},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::caller::Caller;
use crate::{
    app::App,
    counting, posts,
    store::{
        self,
        likes::{self, Likeable},
        posts::Post,
        unsigned,
    },
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wish {
    /// How it is to be; the other way round than it is when absent.
    pub(super) liked: Option<bool>,
}

/// `POST /api/likes/:postId/toggle`
#[utoipa::path(
    post, path = "/api/likes/{post}/toggle", tag = "likes", operation_id = "likes_toggle",
    description = "Likes a post, or takes it back. Users once, guests once for each address.",
    params(("post" = String, Path, description = "Id of the post"), Wish), security((), ("bearer" = [])),
    responses((status = 200, body = LikeStatus), (status = 403, description = "Banned")),
)]
pub(crate) async fn toggle(
    State(app): State<App>,
    caller: Caller,
    Path(post): Path<String>,
    Query(wish): Query<Wish>,
) -> ApiResult<Json<LikeStatus>> {
    let post = posts::readable(&app, &post, caller.viewer.as_ref()).await?;
    caller.check_ban(&app).await?;
    let (actor, now) = (caller.actor(), app.clock.millis());
    let tx = app.db.begin().await?;
    let post = store::posts::lock(&tx, &post.id).await?.filter(Post::is_there);
    let post = post.ok_or_else(|| Problem::not_found("post"))?;
    let (liked, difference) = likes::set(&tx, Likeable::Post, &post.id, &actor, wish.liked, now).await?;
    let likes = counting::likes(&tx, &post, difference, now).await?;
    tx.commit().await?;
    app.relay.wake();
    Ok(Json(LikeStatus { liked, likes }))
}

/// `GET /api/likes/:postId/status`
#[utoipa::path(
    get, path = "/api/likes/{post}/status", tag = "likes", operation_id = "likes_status",
    description = "How many like a post, and whether the caller does.",
    params(("post" = String, Path, description = "Id of the post")), security((), ("bearer" = [])),
    responses((status = 200, body = LikeStatus)),
)]
pub(crate) async fn status(
    State(app): State<App>,
    caller: Caller,
    Path(post): Path<String>,
) -> ApiResult<Json<LikeStatus>> {
    let post = posts::readable(&app, &post, caller.viewer.as_ref()).await?;
    let liked = likes::is_liked(app.db.read(), Likeable::Post, &post.id, &caller.actor()).await?;
    Ok(Json(LikeStatus { liked, likes: unsigned(post.likes) }))
}
