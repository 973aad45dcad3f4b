//! `POST /api/auth/logout`: ends the session of a refresh token. One that is not known has none.

use axum::{extract::State, http::StatusCode};
use contracts::auth::RefreshInput;
use kit::{ApiResult, extract::Body};

use super::origin::Origin;
use crate::{
    access,
    app::App,
    store::{
        audit::{Happening, Note},
        sessions::Which,
        tokens, users,
    },
};

/// Ends the session of a refresh token, and its access tokens.
#[utoipa::path(
    post, path = "/api/auth/logout", tag = "sign-in", request_body = RefreshInput,
    responses((status = 204, description = "There is no such session any more")),
)]
pub(super) async fn handle(
    State(app): State<App>,
    origin: Origin,
    Body(input): Body<RefreshInput>,
) -> ApiResult<StatusCode> {
    let tx = app.db.begin().await?;
    let Some(known) = tokens::lock(&tx, &input.refresh_token).await? else { return Ok(StatusCode::NO_CONTENT) };
    let Some(user) = users::by_id(&tx, &known.user_id).await? else { return Ok(StatusCode::NO_CONTENT) };
    let ended = access::end_sessions(&app, &tx, &user, Which::One(&known.session_id)).await?;
    let note = Note::new(Happening::SignedOut).about(&user.id).from(origin.address());
    note.write(&tx, app.clock.millis()).await?;
    tx.commit().await?;
    ended.tell(&app).await;
    Ok(StatusCode::NO_CONTENT)
}
