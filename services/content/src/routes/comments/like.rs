//! `POST /api/comments/:id/like`

use axum::{Json, extract::State};
use contracts::content::{CommentState, LikeStatus};
use kit::{
    ApiResult,
    extract::{Path, Query},
};

use super::find::{lock, no_comment, own_or_visible};
use crate::{
    app::App,
    domain::eyes::Seen,
    routes::{caller::Caller, likes::Wish},
    store::{
        comments,
        likes::{self, Likeable},
        unsigned,
    },
};

#[utoipa::path(
    post, path = "/api/comments/{id}/like", tag = "comments", operation_id = "comments_like",
    description = "Likes a comment, or takes it back. Users once, guests once for each address.",
    params(("id" = String, Path, description = "Id of the comment"), Wish), security((), ("bearer" = [])),
    responses((status = 200, body = LikeStatus), (status = 403, description = "Banned")),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(wish): Query<Wish>,
) -> ApiResult<Json<LikeStatus>> {
    let found = own_or_visible(&app, &caller, &id).await?;
    caller.check_ban(&app).await?;
    let tx = app.db.begin().await?;
    let locked = lock(&tx, &found).await?;
    if locked.comment.state() != CommentState::Visible {
        return Err(no_comment().into());
    }
    let actor = caller.actor();
    let (liked, difference) =
        likes::set(&tx, Likeable::Comment, &locked.comment.id, &actor, wish.liked, app.clock.millis()).await?;
    let likes = comments::add_likes(&tx, &locked.comment.id, difference).await?;
    tx.commit().await?;
    Ok(Json(LikeStatus { liked, likes: unsigned(likes) }))
}
