//! `POST /internal/users` (an operator adds an account), `GET /internal/users/count`

use axum::{Json, extract::State, http::StatusCode};
use contracts::{
    auth::{Me, NewUser, UserCount},
    module::Role,
};
use kit::{ApiResult, auth::ServiceCaller, extract::Body};

use crate::{
    app::App,
    routes::register,
    setup,
    store::{
        audit::{Happening, Note},
        me, users,
    },
};

/// Adds an account with any role.
#[utoipa::path(
    post, path = "/internal/users", tag = "internal", request_body = NewUser,
    responses((status = 201, body = Me)),
)]
pub(in crate::routes) async fn add(
    _: ServiceCaller,
    State(app): State<App>,
    Body(input): Body<NewUser>,
) -> ApiResult<(StatusCode, Json<Me>)> {
    let account = register::checked_account(&app, &input.email, &input.name, &input.password, input.role).await?;
    let now = app.clock.millis();
    let tx = app.db.begin().await?;
    let user = register::insert(&app, &tx, account).await?;
    Note::new(Happening::UserAdded).about(&user.id).detail(input.role.as_str()).write(&tx, now).await?;
    if input.role == Role::Admin {
        setup::end(&tx).await?;
    }
    let me = me::of(&tx, &user, now).await?;
    tx.commit().await?;
    if input.role == Role::Admin {
        setup::remove_file(&app.data_dir);
    }
    Ok((StatusCode::CREATED, Json(me)))
}

/// How many accounts can sign in.
#[utoipa::path(
    get, path = "/internal/users/count", tag = "internal",
    responses((status = 200, body = UserCount)),
)]
pub(in crate::routes) async fn count(_: ServiceCaller, State(app): State<App>) -> ApiResult<Json<UserCount>> {
    let users = users::count(app.db.read()).await?;
    Ok(Json(UserCount { users: u32::try_from(users).unwrap_or(u32::MAX) }))
}
