//! `POST /api/comments/:id/restore`: out of the trash. ADMIN; its writer, if it was them who deleted it.

use axum::extract::State;
use contracts::{content::GuestProof, problem::Problem};
use http::StatusCode;
use kit::{ApiResult, extract::Path, id};

use super::{
    OfPost,
    delete::{MaybeProof, prove},
    find::{lock, no_comment},
};
use crate::{
    app::App,
    counting::{self, Change},
    routes::caller::Caller,
    store::{self, comments, posts::Post},
};

#[utoipa::path(
    post, path = "/api/comments/{id}/restore", tag = "comments", operation_id = "comments_restore",
    description = "Takes a comment out of the trash. Guests show its password.",
    params(("id" = String, Path, description = "Id of the comment")), request_body = Option<GuestProof>,
    security((), ("bearer" = [])),
    responses(
        (status = 204, description = "It is what it was before"),
        (status = 403, description = "Somebody else's, deleted by an admin, or the wrong password"),
        (status = 409, description = "It is not in the trash"), (status = 429, description = "Too many guesses"),
    ),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    MaybeProof(password): MaybeProof,
) -> ApiResult<StatusCode> {
    let found = find(&app, &caller, &id).await?;
    if !found.eyes.is_admin {
        if !found.comment.is_guests() && !found.eyes.wrote(&found.comment) {
            return Err(no_comment().into());
        }
        if found.comment.is_in_trash() && !found.comment.was_trashed_by_writer() {
            return Err(Problem::forbidden().with_detail("An admin deleted this comment.").into());
        }
        prove(&app, &caller, &found, password.as_deref()).await?;
    }
    restore(&app, &found).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn find(app: &App, caller: &Caller, id: &str) -> ApiResult<OfPost> {
    let id = id::parse(id).ok_or_else(no_comment)?;
    let comment = comments::by_id(app.db.read(), &id, &caller.actor()).await?.ok_or_else(no_comment)?;
    let post = store::posts::by_id(app.db.read(), &comment.post_id).await?.filter(Post::is_there);
    let eyes = caller.eyes(&comment.post_author_id);
    Ok(OfPost { post: post.ok_or_else(no_comment)?, comment, eyes })
}

/// Takes a comment out of the trash.
pub(crate) async fn restore(app: &App, found: &OfPost) -> ApiResult<()> {
    let now = app.clock.millis();
    let tx = app.db.begin().await?;
    let locked = lock(&tx, found).await?;
    if !locked.comment.is_in_trash() {
        return Err(not_in_trash().into());
    }
    comments::set_state(&tx, &locked.comment.id, locked.comment.state_before(), &locked.comment.held_for).await?;
    counting::comments(&tx, &locked.post, &locked.comment.id, Change::Maybe, now).await?;
    tx.commit().await?;
    app.relay.wake();
    Ok(())
}

/// 409
pub(crate) fn not_in_trash() -> Problem {
    Problem::new(409, "not_in_trash", "This is not in the trash")
}
