//! `GET`/`DELETE /api/auth/sessions`, `DELETE /api/auth/sessions/:id`, `POST /api/auth/reauthenticate`

use axum::{Json, extract::State, http::StatusCode};
use contracts::{
    auth::{ReauthInput, SessionInfo},
    blog::Paged,
    problem::Problem,
};
use kit::{
    ApiResult,
    auth::Viewer,
    extract::{Body, Path, Query},
};

use super::{caller, origin::Origin, paging::Paging};
use crate::{
    access,
    app::App,
    store::{
        audit::{Happening, Note},
        sessions::{self, Which},
    },
};

/// The caller's sessions, last used first.
#[utoipa::path(
    get, path = "/api/auth/sessions", tag = "sessions", params(Paging),
    responses((status = 200, body = Paged<SessionInfo>)), security(("bearer" = [])),
)]
pub(super) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(paging): Query<Paging>,
) -> ApiResult<Json<Paged<SessionInfo>>> {
    let which = paging.get()?;
    let user = caller::user(app.db.read(), &viewer).await?;
    let (session, now) = (&viewer.claims().sid, app.clock.millis());
    Ok(Json(sessions::page(app.db.read(), &user.id, session, now, which).await?))
}

/// Ends one of the caller's sessions.
#[utoipa::path(
    delete, path = "/api/auth/sessions/{id}", tag = "sessions", params(("id" = String, Path)),
    responses((status = 204, description = "It has ended")), security(("bearer" = [])),
)]
pub(super) async fn end(
    State(app): State<App>,
    viewer: Viewer,
    origin: Origin,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    if finish(&app, &viewer, &origin, Which::One(&id)).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found("session").into())
    }
}

/// Ends all sessions of the caller but this one.
#[utoipa::path(
    delete, path = "/api/auth/sessions", tag = "sessions",
    responses((status = 204, description = "They have ended")), security(("bearer" = [])),
)]
pub(super) async fn end_others(State(app): State<App>, viewer: Viewer, origin: Origin) -> ApiResult<StatusCode> {
    finish(&app, &viewer, &origin, Which::Others(&viewer.claims().sid)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn finish(app: &App, viewer: &Viewer, origin: &Origin, which: Which<'_>) -> ApiResult<bool> {
    let tx = app.db.begin().await?;
    let user = caller::user(&tx, viewer).await?;
    let ended = access::end_sessions(app, &tx, &user, which).await?;
    if ended.is_empty() {
        return Ok(false);
    }
    let note = Note::new(Happening::SessionsEnded).about(&user.id).from(origin.address());
    note.write(&tx, app.clock.millis()).await?;
    tx.commit().await?;
    ended.tell(app).await;
    Ok(true)
}

/// Shows the password once more: the session counts as freshly signed in.
#[utoipa::path(
    post, path = "/api/auth/reauthenticate", tag = "sessions", request_body = ReauthInput,
    responses((status = 204, description = "It is them"), (status = 429, description = "Too many attempts")),
    security(("bearer" = [])),
)]
pub(super) async fn reauthenticate(
    State(app): State<App>,
    viewer: Viewer,
    origin: Origin,
    Body(input): Body<ReauthInput>,
) -> ApiResult<StatusCode> {
    let user = caller::user(app.db.read(), &viewer).await?;
    caller::check_password(&app, &user, &input.password, "password").await?;
    let (db, now) = (app.db.write(), app.clock.millis());
    if !sessions::reauthenticate(db, &user.id, &viewer.claims().sid, now).await? {
        return Err(Problem::unauthenticated().into());
    }
    Note::new(Happening::Reauthenticated).about(&user.id).from(origin.address()).write(db, now).await?;
    Ok(StatusCode::NO_CONTENT)
}
