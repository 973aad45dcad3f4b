//! `GET /api/auth/keys`, `POST /api/auth/keys/rotate`, `POST /internal/keys/rotate`

use axum::{Json, extract::State};
use contracts::{
    auth::{RotateInput, SigningKeys},
    events::KeysRotated,
    module::Role,
};
use kit::{
    ApiError, ApiResult,
    auth::{ServiceCaller, Viewer},
    events::outbox,
    extract::Body,
};

use super::{caller, origin::Origin};
use crate::{
    app::App,
    store::audit::{Happening, Note},
};

/// All keys are one aggregate.
const KEYS: &str = "signing-keys";

/// The keys that access tokens are signed with.
#[utoipa::path(
    get, path = "/api/auth/keys", tag = "keys",
    responses((status = 200, body = SigningKeys)), security(("bearer" = [])),
)]
pub(super) async fn list(State(app): State<App>, viewer: Viewer) -> ApiResult<Json<SigningKeys>> {
    viewer.require(Role::Admin)?;
    Ok(Json(SigningKeys { keys: app.keyring.infos(app.clock.millis()) }))
}

/// Makes new keys before their time. Needs a fresh sign-in.
#[utoipa::path(
    post, path = "/api/auth/keys/rotate", tag = "keys", request_body = RotateInput,
    responses((status = 200, body = SigningKeys)), security(("bearer" = [])),
)]
pub(super) async fn rotate(
    State(app): State<App>,
    viewer: Viewer,
    origin: Origin,
    Body(input): Body<RotateInput>,
) -> ApiResult<Json<SigningKeys>> {
    viewer.require(Role::Admin)?;
    let admin = caller::admin(app.db.read(), &viewer).await?;
    caller::require_fresh(&app, &viewer, &admin, None).await?;
    turn(&app, &input, Note::new(Happening::KeysRotated).by(&admin.id).from(origin.address())).await
}

/// The same, for operators.
#[utoipa::path(
    post, path = "/internal/keys/rotate", tag = "internal", request_body = RotateInput,
    responses((status = 200, body = SigningKeys)),
)]
pub(super) async fn rotate_internally(
    _: ServiceCaller,
    State(app): State<App>,
    Body(input): Body<RotateInput>,
) -> ApiResult<Json<SigningKeys>> {
    turn(&app, &input, Note::new(Happening::KeysRotated)).await
}

async fn turn(app: &App, input: &RotateInput, note: Note<'_>) -> ApiResult<Json<SigningKeys>> {
    let now = app.clock.millis();
    let tx = app.db.begin().await?;
    let withdrawn = app.keyring.rotate(&tx, input.compromised, now).await.map_err(ApiError::internal)?;
    note.detail(if input.compromised { "compromised" } else { "before their time" }).write(&tx, now).await?;
    outbox::add(&tx, KEYS, &KeysRotated { withdrawn: withdrawn.clone() }, now).await?;
    tx.commit().await?;
    // Here at once, elsewhere by the event.
    app.verifier.withdraw_keys(&withdrawn).await;
    app.relay.wake();
    app.keyring.reload(&app.db).await?;
    Ok(Json(SigningKeys { keys: app.keyring.infos(now) }))
}
