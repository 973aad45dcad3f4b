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

use super::{address::Address, register, session};
use crate::{
    app::App,
    setup,
    store::audit::{self, Happening},
};

#[derive(Deserialize)]
pub(super) struct Params {
    token: String,
}

pub(super) async fn state(
    _: ServiceCaller,
    State(app): State<App>,
    Query(params): Query<Params>,
) -> ApiResult<Json<SetupState>> {
    Ok(Json(SetupState { valid: setup::is_valid(&app.db, &params.token).await? }))
}

pub(super) async fn handle(
    _: ServiceCaller,
    State(app): State<App>,
    address: Address,
    Body(input): Body<SetupInput>,
) -> ApiResult<(StatusCode, Json<Tokens>)> {
    // Before the fields: they are nobody's business without the link.
    if !setup::is_valid(&app.db, &input.token).await? {
        return Err(used_up().into());
    }
    let account = register::account(&app, &input.email, &input.name, &input.password, Role::Admin).await?;
    let tx = app.db.begin().await?;
    if !setup::take(&tx, &input.token).await? {
        return Err(used_up().into());
    }
    let user = register::insert(&app, &tx, account).await?;
    audit::note(&tx, Happening::AdminSetUp, Some(&user.id), address.as_deref(), app.clock.millis()).await?;
    let tokens = session::open(&app, &tx, &user).await?;
    tx.commit().await?;
    setup::remove_file(&app.data_dir);
    Ok((StatusCode::CREATED, Json(tokens)))
}

fn used_up() -> Problem {
    Problem::new(403, "setup_link_used", "This link has been used or is not valid")
}
