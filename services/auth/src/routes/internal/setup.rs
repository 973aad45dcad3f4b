//! `GET /internal/setup?token=`, `POST /internal/setup`: the first admin.

use axum::{Json, extract::State, http::StatusCode};
use contracts::{
    auth::{SetupInput, SetupState, Tokens},
    module::Role,
    problem::Problem,
};
use kit::{
    ApiResult,
    auth::ServiceCaller,
    extract::{Body, Query},
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    app::App,
    routes::{
        origin::Origin,
        register,
        session::{self, Entrance},
    },
    setup,
    store::audit::{Happening, Note},
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::routes) struct Params {
    /// From the link.
    token: String,
}

/// Whether a set-up link is good.
#[utoipa::path(
    get, path = "/internal/setup", tag = "internal", params(Params),
    responses((status = 200, body = SetupState)),
)]
pub(in crate::routes) async fn state(
    _: ServiceCaller,
    State(app): State<App>,
    Query(params): Query<Params>,
) -> ApiResult<Json<SetupState>> {
    Ok(Json(SetupState { valid: setup::is_valid(&app.db, &params.token).await? }))
}

/// Makes the first admin.
#[utoipa::path(
    post, path = "/internal/setup", tag = "internal", request_body = SetupInput,
    responses((status = 201, body = Tokens), (status = 403, description = "The link was used or is not valid")),
)]
pub(in crate::routes) async fn handle(
    _: ServiceCaller,
    State(app): State<App>,
    origin: Origin,
    Body(input): Body<SetupInput>,
) -> ApiResult<(StatusCode, Json<Tokens>)> {
    // Before the fields: they are nobody's business without the link.
    if !setup::is_valid(&app.db, &input.token).await? {
        return Err(used_up().into());
    }
    let account = register::checked_account(&app, &input.email, &input.name, &input.password, Role::Admin).await?;
    let tx = app.db.begin().await?;
    if !setup::take(&tx, &input.token).await? {
        return Err(used_up().into());
    }
    let user = register::insert(&app, &tx, account).await?;
    register::ask_to_verify(&app, &tx, &user).await?;
    let note = Note::new(Happening::AdminSetUp).about(&user.id).from(origin.address());
    note.write(&tx, app.clock.millis()).await?;
    let tokens = session::open(&app, &tx, &user, Entrance::password(&origin)).await?;
    tx.commit().await?;
    setup::remove_file(&app.data_dir);
    app.sender.wake();
    Ok((StatusCode::CREATED, Json(tokens)))
}

fn used_up() -> Problem {
    Problem::new(403, "setup_link_used", "This link has been used or is not valid")
}
