//! `POST /internal/users` (an operator adds an account), `GET /internal/users/count`

use axum::{Json, extract::State, http::StatusCode};
use contracts::{
    auth::{Me, NewUser, UserCount},
    module::Role,
};
use kit::{ApiResult, auth::ServiceCaller, extract::Body};

use super::register;
use crate::{
    app::App,
    setup,
    store::{
        audit::{self, Happening},
        users,
    },
};

pub(super) async fn add(
    _: ServiceCaller,
    State(app): State<App>,
    Body(input): Body<NewUser>,
) -> ApiResult<(StatusCode, Json<Me>)> {
    let account = register::account(&app, &input.email, &input.name, &input.password, input.role).await?;
    let tx = app.db.begin().await?;
    let user = register::insert(&app, &tx, account).await?;
    audit::note(&tx, Happening::UserAdded, Some(&user.id), None, app.clock.millis()).await?;
    if input.role == Role::Admin {
        setup::end(&tx).await?;
    }
    tx.commit().await?;
    if input.role == Role::Admin {
        setup::remove_file(&app.data_dir);
    }
    Ok((StatusCode::CREATED, Json(user.me())))
}

pub(super) async fn count(_: ServiceCaller, State(app): State<App>) -> ApiResult<Json<UserCount>> {
    let users = users::count(app.db.read()).await?;
    Ok(Json(UserCount { users: u32::try_from(users).unwrap_or(u32::MAX) }))
}
