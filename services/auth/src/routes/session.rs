//! Opening a session, which login, register and set-up end with.

use contracts::auth::Tokens;
use kit::{ApiError, ApiResult, Secret, id};
use sea_orm::DatabaseTransaction;

use crate::{
    app::App,
    domain::signer,
    store::{sessions, tokens, users::User},
};

/// A new session of `user`, in the transaction that lets them in.
pub(super) async fn open(app: &App, tx: &DatabaseTransaction, user: &User) -> ApiResult<Tokens> {
    let session = id::new();
    let refresh = Secret::random();
    let now = app.clock.millis();
    sessions::open(tx, &session, &user.id, now).await?;
    tokens::add(tx, refresh.expose(), &session, now).await?;
    answer(app, user, &session, &refresh)
}

/// What the client gets.
pub(super) fn answer(app: &App, user: &User, session: &str, refresh: &Secret) -> ApiResult<Tokens> {
    let now = app.clock.now().unix_timestamp();
    Ok(Tokens {
        access_token: app.signer.sign(user, session, now).map_err(ApiError::internal)?,
        expires_in: signer::LIFETIME,
        refresh_token: refresh.expose().to_owned(),
        user: user.me(),
    })
}
