//! The account of the caller, and whether they showed lately who they are.

use contracts::{module::Role, problem::Problem};
use kit::{ApiResult, auth::Viewer};
use sea_orm::ConnectionTrait;

use crate::{
    app::App,
    domain::throttle::PASSWORD,
    store::{
        sessions,
        users::{self, User},
    },
};

/// A sign-in is fresh for so long.
const FRESH_MS: i64 = 15 * 60 * 1000;
/// Longer ones cannot be anybody's; checking them would only take time.
const MAX_PASSWORD_BYTES: usize = 1024;

/// The caller's account; 401 when it cannot be used any more.
pub(super) async fn user<C: ConnectionTrait>(db: &C, viewer: &Viewer) -> ApiResult<User> {
    let user = users::by_id(db, viewer.id()).await?.filter(User::is_active);
    Ok(user.ok_or_else(Problem::unauthenticated)?)
}

/// The caller's account, if it is an admin's now, whatever their token said a moment ago.
pub(super) async fn admin<C: ConnectionTrait>(db: &C, viewer: &Viewer) -> ApiResult<User> {
    viewer.require(Role::Admin)?;
    let user = user(db, viewer).await?;
    if user.role() == Role::Admin { Ok(user) } else { Err(Problem::forbidden().into()) }
}

/// Whether it is the password of this hash. Takes the same time when there is none.
pub(super) async fn matches(app: &App, password: &str, hash: Option<&str>) -> ApiResult<bool> {
    if password.len() > MAX_PASSWORD_BYTES {
        return Ok(false);
    }
    app.passwords.matches(password, hash).await
}

/// 422 naming `field` unless it is the user's password. Attempts are limited.
pub(super) async fn check_password(app: &App, user: &User, password: &str, field: &str) -> ApiResult<()> {
    app.attempt(PASSWORD, &user.id).await?;
    if matches(app, password, user.password_hash.as_deref()).await? {
        return app.forgive(PASSWORD, &user.id).await;
    }
    Err(Problem::validation().with_field(field, "wrong_credentials", "This is not your password.").into())
}

/// Passes who shows their password, or signed in a moment ago; 403 `fresh_sign_in_needed`.
pub(super) async fn require_fresh(app: &App, viewer: &Viewer, user: &User, password: Option<&str>) -> ApiResult<()> {
    if let Some(password) = password.filter(|password| !password.is_empty()) {
        return check_password(app, user, password, "password").await;
    }
    let at = sessions::authenticated_at(app.db.write(), &user.id, &viewer.claims().sid).await?;
    if at.is_some_and(|at| app.clock.millis() - at <= FRESH_MS) {
        return Ok(());
    }
    Err(fresh_sign_in_needed().into())
}

/// 403
pub(super) fn fresh_sign_in_needed() -> Problem {
    let problem = Problem::new(403, "fresh_sign_in_needed", "Show once more that it is you");
    problem.with_detail("Give your password, or sign in again.")
}
