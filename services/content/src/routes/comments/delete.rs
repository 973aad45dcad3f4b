//! `DELETE /api/comments/:id`: to the trash. Its writer, a guest with the password, ADMIN.

use axum::extract::{FromRequest, Request, State};
use contracts::{
    content::{CommentState, GuestProof},
    problem::Problem,
};
use http::{StatusCode, header};
use kit::{
    ApiError, ApiResult,
    extract::{Body, Path},
};

use super::{
    find::{OfPost, lock, no_comment, own_or_visible},
    guest,
};
use crate::{
    app::App,
    counting::{self, Change},
    domain::eyes::Seen,
    routes::caller::Caller,
    store::comments,
};

/// The password of a guest; users send no body.
#[derive(Debug)]
pub(crate) struct MaybeProof(pub(super) Option<String>);

impl<S: Send + Sync> FromRequest<S> for MaybeProof {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !request.headers().contains_key(header::CONTENT_TYPE) {
            return Ok(Self(None));
        }
        let Body(proof) = Body::<GuestProof>::from_request(request, state).await?;
        Ok(Self(Some(proof.password)))
    }
}

#[utoipa::path(
    delete, path = "/api/comments/{id}", tag = "comments", operation_id = "comments_delete",
    description = "Moves a comment to the trash. Guests show its password.",
    params(("id" = String, Path, description = "Id of the comment")), request_body = Option<GuestProof>,
    security((), ("bearer" = [])),
    responses(
        (status = 204, description = "It is in the trash"),
        (status = 403, description = "Somebody else's, or the wrong password"),
        (status = 429, description = "Too many guesses"),
    ),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    MaybeProof(password): MaybeProof,
) -> ApiResult<StatusCode> {
    let found = own_or_visible(&app, &caller, &id).await?;
    if found.comment.state() == CommentState::Trashed {
        return Err(no_comment().into());
    }
    let by_writer = if found.eyes.is_admin && !found.eyes.wrote(&found.comment) {
        false
    } else {
        prove(&app, &caller, &found, password.as_deref()).await?;
        true
    };
    trash(&app, &found, by_writer).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 403 unless the caller wrote it.
pub(super) async fn prove(app: &App, caller: &Caller, found: &OfPost, password: Option<&str>) -> ApiResult<()> {
    if found.comment.is_guests() {
        return guest::prove(app, caller, &found.comment, password).await;
    }
    if found.eyes.wrote(&found.comment) { Ok(()) } else { Err(Problem::forbidden().into()) }
}

/// Moves a comment to the trash, if it is not there yet.
pub(crate) async fn trash(app: &App, found: &OfPost, by_writer: bool) -> ApiResult<()> {
    let now = app.clock.millis();
    let tx = app.db.begin().await?;
    let locked = lock(&tx, found).await?;
    if locked.comment.state() == CommentState::Trashed {
        return Err(no_comment().into());
    }
    comments::trash(&tx, &locked.comment.id, by_writer, now).await?;
    counting::comments(&tx, &locked.post, &locked.comment.id, Change::Maybe, now).await?;
    tx.commit().await?;
    app.relay.wake();
    Ok(())
}
