//! Opening a session, which whatever lets somebody in ends with.

use contracts::auth::{AUDIENCE, Tokens};
use kit::{ApiError, ApiResult, Secret, id};
use sea_orm::DatabaseTransaction;

use super::origin::Origin;
use crate::{
    app::App,
    keyring::LIFETIME,
    store::{
        me,
        sessions::{self, Opening},
        tokens,
        users::{self, User},
    },
};

/// How a session begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entrance<'a> {
    /// `password`, or the id of a provider.
    pub(super) method: &'a str,
    /// For whom its access tokens are.
    pub(super) audience: &'a str,
    pub(super) origin: &'a Origin,
}

impl<'a> Entrance<'a> {
    pub(super) fn password(origin: &'a Origin) -> Self {
        Self { method: "password", audience: AUDIENCE, origin }
    }
}

/// A new session of `user`, in the transaction that lets them in.
pub(super) async fn open(
    app: &App,
    tx: &DatabaseTransaction,
    user: &User,
    entrance: Entrance<'_>,
) -> ApiResult<Tokens> {
    let session = id::new();
    let refresh = Secret::random();
    let now = app.clock.millis();
    let opening = Opening {
        method: entrance.method,
        address: entrance.origin.address(),
        user_agent: entrance.origin.user_agent(),
        audience: entrance.audience,
    };
    sessions::open(tx, &session, &user.id, &opening, now).await?;
    tokens::add(tx, refresh.expose(), &session, None, now).await?;
    users::seen(tx, &user.id, now).await?;
    answer(app, tx, user, &session, entrance.audience, &refresh).await
}

/// What the client gets.
pub(super) async fn answer(
    app: &App,
    tx: &DatabaseTransaction,
    user: &User,
    session: &str,
    audience: &str,
    refresh: &Secret,
) -> ApiResult<Tokens> {
    let now = app.clock.millis();
    Ok(Tokens {
        access_token: app.keyring.sign(user, session, audience, now).map_err(ApiError::internal)?,
        expires_in: LIFETIME,
        refresh_token: refresh.expose().to_owned(),
        user: me::of(tx, user, now).await?,
    })
}
