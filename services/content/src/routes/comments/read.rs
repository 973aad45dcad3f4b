//! `GET /api/comments/:id`: one comment, without its replies.

use axum::{Json, extract::State};
use contracts::content::{Comment, CommentState};
use kit::{ApiResult, extract::Path};

use super::find::{no_comment, own_or_visible};
use crate::{
    app::App,
    domain::{eyes::Seen, thread::Entry},
    routes::caller::Caller,
};

#[utoipa::path(
    get, path = "/api/comments/{id}", tag = "comments", operation_id = "comments_read",
    description = "One comment without its replies; its source for its writer.",
    params(("id" = String, Path, description = "Id of the comment")), security((), ("bearer" = [])),
    responses((status = 200, body = Comment)),
)]
pub(crate) async fn handle(State(app): State<App>, caller: Caller, Path(id): Path<String>) -> ApiResult<Json<Comment>> {
    let found = own_or_visible(&app, &caller, &id).await?;
    // One's own trash is in `mine`; what is hidden is hidden from its writer too.
    if !found.eyes.is_admin && matches!(found.comment.state(), CommentState::Trashed | CommentState::Hidden) {
        return Err(no_comment().into());
    }
    Ok(Json(found.comment.shown(&found.eyes)))
}
