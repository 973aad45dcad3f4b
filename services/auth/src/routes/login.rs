//! `POST /api/auth/login`
//!
//! Neither the answer nor its time tells whether there is such an account.

use axum::{Json, extract::State};
use contracts::{
    auth::{LoginInput, Tokens},
    problem::Problem,
};
use kit::{ApiError, ApiResult, extract::Body};

use super::{address::Address, session};
use crate::{
    app::App,
    store::{
        audit::{self, Happening},
        users,
    },
};

/// Longer ones cannot be anybody's; checking them would only take time.
const MAX_PASSWORD_BYTES: usize = 1024;

pub(super) async fn handle(
    State(app): State<App>,
    address: Address,
    Body(input): Body<LoginInput>,
) -> ApiResult<Json<Tokens>> {
    let email = input.email.trim().to_lowercase();
    let now = app.clock.millis();
    if let Some(address) = address.as_deref() {
        app.by_address.attempt(address, now).map_err(ApiError::too_many)?;
    }
    app.by_account.attempt(&email, now).map_err(ApiError::too_many)?;

    let user = users::by_email(app.db.read(), &email).await?;
    let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
    let matches = input.password.len() <= MAX_PASSWORD_BYTES && app.passwords.matches(&input.password, hash).await?;
    let Some(user) = user.filter(|_| matches) else {
        audit::note(app.db.write(), Happening::SignInRefused, None, address.as_deref(), now).await?;
        return Err(wrong_credentials().into());
    };
    if !user.is_active() {
        audit::note(app.db.write(), Happening::SignInRefused, Some(&user.id), address.as_deref(), now).await?;
        return Err(Problem::new(403, "suspended", "This account is suspended").into());
    }
    app.by_account.forgive(&email);
    let tx = app.db.begin().await?;
    audit::note(&tx, Happening::SignedIn, Some(&user.id), address.as_deref(), now).await?;
    let tokens = session::open(&app, &tx, &user).await?;
    tx.commit().await?;
    Ok(Json(tokens))
}

fn wrong_credentials() -> Problem {
    Problem::new(401, "wrong_credentials", "E-mail address or password is wrong").with_field(
        "password",
        "wrong_credentials",
        "E-mail address or password is wrong.",
    )
}
