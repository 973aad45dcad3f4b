//! `POST /api/auth/register`

use axum::{Json, extract::State, http::StatusCode};
use contracts::{
    auth::{RegisterInput, Tokens},
    module::Role,
    problem::Problem,
};
use kit::{ApiError, ApiResult, extract::Body, id};
use sea_orm::{DatabaseTransaction, DbErr, SqlErr};

use super::{address::Address, session};
use crate::{
    app::App,
    domain::fields::Check,
    store::{
        audit::{self, Happening},
        users::{self, NewAccount, User},
    },
};

pub(super) async fn handle(
    State(app): State<App>,
    address: Address,
    Body(input): Body<RegisterInput>,
) -> ApiResult<(StatusCode, Json<Tokens>)> {
    if let Some(address) = address.as_deref() {
        app.by_address.attempt(address, app.clock.millis()).map_err(ApiError::too_many)?;
    }
    let account = account(&app, &input.email, &input.name, &input.password, Role::User).await?;
    let tx = app.db.begin().await?;
    let user = insert(&app, &tx, account).await?;
    audit::note(&tx, Happening::Registered, Some(&user.id), address.as_deref(), app.clock.millis()).await?;
    let tokens = session::open(&app, &tx, &user).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(tokens)))
}

/// A new account with checked fields and hashed password.
pub(super) async fn account(app: &App, email: &str, name: &str, password: &str, role: Role) -> ApiResult<NewAccount> {
    let mut check = Check::new();
    let (email, name) = (check.email(email), check.name(name));
    check.password(password);
    check.finish()?;
    // Before the work of hashing; the index has the last word.
    if users::by_email(app.db.read(), &email).await?.is_some() {
        return Err(taken().into());
    }
    Ok(NewAccount {
        id: id::new(),
        email: Some(email),
        password_hash: Some(app.passwords.hash(password).await?),
        name,
        bio: String::new(),
        avatar: None,
        role,
        author_key: None,
    })
}

/// Writes the account.
pub(super) async fn insert(app: &App, tx: &DatabaseTransaction, account: NewAccount) -> ApiResult<User> {
    let id = account.id.clone();
    users::insert(tx, account, app.clock.millis()).await.map_err(on_conflict)?;
    users::by_id(tx, &id).await?.ok_or_else(|| ApiError::internal("the new account is gone"))
}

fn on_conflict(error: DbErr) -> ApiError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => taken().into(),
        _ => error.into(),
    }
}

fn taken() -> Problem {
    Problem::validation().with_field("email", "taken", "There is an account with this address already.")
}
