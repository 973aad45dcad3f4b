//! `PUT /api/auth/password`, `POST /api/auth/password-reset`, `POST /api/auth/password-reset/confirm`

use axum::{Json, extract::State, http::StatusCode};
use contracts::{
    auth::{LinkPurpose, MailSent, PasswordInput, ResetInput, ResetRequest},
    problem::Problem,
};
use kit::{ApiResult, auth::Viewer, extract::Body};
use sea_orm::DatabaseTransaction;

use super::{caller, origin::Origin, verify};
use crate::{
    access,
    app::App,
    domain::{
        fields::Check,
        throttle::{MAILS, SIGN_IN},
    },
    mail::Letter,
    store::{
        audit::{Happening, Note},
        links,
        mails::{self, Wish, WishKind},
        sessions::Which,
        users::{self, User},
    },
};

/// Changes the caller's password. Every other session of theirs ends.
#[utoipa::path(
    put, path = "/api/auth/password", tag = "accounts", request_body = PasswordInput,
    responses((status = 204, description = "Changed"), (status = 429, description = "Too many attempts")),
    security(("bearer" = [])),
)]
pub(super) async fn change(
    State(app): State<App>,
    viewer: Viewer,
    origin: Origin,
    Body(input): Body<PasswordInput>,
) -> ApiResult<StatusCode> {
    let user = caller::user(app.db.read(), &viewer).await?;
    check(&input.password)?;
    if user.password_hash.is_some() {
        let Some(current) = input.current.as_deref().filter(|current| !current.is_empty()) else {
            return Err(Problem::validation()
                .with_field("current", "required", "Your password so far is needed.")
                .into());
        };
        caller::check_password(&app, &user, current, "current").await?;
    } else {
        caller::require_fresh(&app, &viewer, &user, None).await?;
    }
    let hash = app.passwords.hash(&input.password).await?;
    let tx = app.db.begin().await?;
    let user = caller::user(&tx, &viewer).await?;
    write(&app, &tx, &user, &hash).await?;
    let ended = access::end_sessions(&app, &tx, &user, Which::Others(&viewer.claims().sid)).await?;
    let note = Note::new(Happening::PasswordChanged).about(&user.id).from(origin.address());
    note.write(&tx, app.clock.millis()).await?;
    tx.commit().await?;
    app.sender.wake();
    ended.tell(&app).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks for a mail with a link. The answer, and its time, do not tell whether there is an account.
#[utoipa::path(
    post, path = "/api/auth/password-reset", tag = "accounts", request_body = ResetRequest,
    responses(
        (status = 202, body = MailSent, description = "A mail is on its way if there is an account"),
        (status = 429, description = "Too many mails"),
    ),
)]
pub(super) async fn ask(
    State(app): State<App>,
    origin: Origin,
    Body(input): Body<ResetRequest>,
) -> ApiResult<(StatusCode, Json<MailSent>)> {
    let mut check = Check::new();
    let email = check.email(&input.email);
    let locale = check.locale(input.locale.as_deref().unwrap_or_default());
    check.finish()?;
    origin.attempt(&app).await?;
    app.attempt(MAILS, &email).await?;
    mails::wish(app.db.write(), Wish { locale, ..Wish::new(WishKind::Reset, &email) }, app.clock.millis()).await?;
    app.sender.wake();
    Ok((StatusCode::ACCEPTED, Json(MailSent { email })))
}

/// Chooses a new password with the link of a mail. All sessions of the account end.
#[utoipa::path(
    post, path = "/api/auth/password-reset/confirm", tag = "accounts", request_body = ResetInput,
    responses(
        (status = 204, description = "Changed"), (status = 410, description = "The link was used or has ended"),
        (status = 429, description = "Too many attempts"),
    ),
)]
pub(super) async fn confirm(
    State(app): State<App>,
    origin: Origin,
    Body(input): Body<ResetInput>,
) -> ApiResult<StatusCode> {
    origin.attempt(&app).await?;
    // Before the link is used up, and before a bad link costs us a hash.
    check(&input.password)?;
    let is_reset = |link: &links::Link| link.purpose == LinkPurpose::PasswordReset;
    let found = links::find(app.db.read(), &input.token, app.clock.millis()).await?;
    if !found.as_ref().is_some_and(is_reset) {
        return Err(verify::ended().into());
    }
    let hash = app.passwords.hash(&input.password).await?;

    let now = app.clock.millis();
    let tx = app.db.begin().await?;
    let link = links::take(&tx, &input.token, now).await?.ok_or_else(verify::ended)?;
    let id = link.user_id.as_deref().unwrap_or_default();
    let is_theirs = |user: &User| user.is_active() && user.email.as_ref() == Some(&link.email);
    let user = users::lock(&tx, id).await?.filter(is_theirs).ok_or_else(verify::ended)?;
    write(&app, &tx, &user, &hash).await?;
    if user.email_verified_at.is_none() {
        // The link was sent there.
        users::set_email(&tx, &user.id, &link.email, now).await?;
    }
    let ended = access::end_all(&app, &tx, &user).await?;
    Note::new(Happening::PasswordReset).about(&user.id).from(origin.address()).write(&tx, now).await?;
    tx.commit().await?;
    app.forgive(SIGN_IN, &link.email).await?;
    app.sender.wake();
    ended.tell(&app).await;
    Ok(StatusCode::NO_CONTENT)
}

fn check(password: &str) -> Result<(), Problem> {
    let mut check = Check::new();
    check.password(password);
    check.finish()
}

/// The new password, and a mail that tells of it. Links to choose another end.
async fn write(app: &App, tx: &DatabaseTransaction, user: &User, hash: &str) -> ApiResult<()> {
    let now = app.clock.millis();
    users::set_password(tx, &user.id, hash, now).await?;
    links::end(tx, &user.id, LinkPurpose::PasswordReset).await?;
    if let Some(email) = &user.email {
        app.site.post(tx, email, user.locale.as_deref(), &Letter::PasswordChanged, now).await?;
    }
    Ok(())
}
