//! `POST /api/auth/verify-email`, `POST /api/auth/verify-email/resend`

use axum::{Json, extract::State, http::StatusCode};
use contracts::{
    auth::{LinkPurpose, MailSent, ResendInput, Verified, VerifyInput},
    module::Role,
    problem::Problem,
};
use kit::{ApiError, ApiResult, auth::OptionalViewer, extract::Body, id};
use sea_orm::{DatabaseTransaction, SqlErr};

use super::{caller, origin::Origin, register};
use crate::{
    app::App,
    domain::{fields::Check, throttle::MAILS},
    mail::Letter,
    store::{
        audit::{Happening, Note},
        invitations,
        links::{self, Link},
        mails::{self, Wish, WishKind},
        registrations, users,
    },
};

/// Follows a link of a mail: makes the account of a registration, verifies an address, or changes it.
#[utoipa::path(
    post, path = "/api/auth/verify-email", tag = "accounts", request_body = VerifyInput,
    responses(
        (status = 200, body = Verified), (status = 403, description = "The invitation it began with was used meanwhile"),
        (status = 410, description = "The link was used or has ended"), (status = 429, description = "Too many attempts"),
    ),
)]
pub(super) async fn handle(
    State(app): State<App>,
    origin: Origin,
    Body(input): Body<VerifyInput>,
) -> ApiResult<Json<Verified>> {
    origin.attempt(&app).await?;
    let tx = app.db.begin().await?;
    let link = links::take(&tx, &input.token, app.clock.millis()).await?.ok_or_else(ended)?;
    match link.purpose {
        LinkPurpose::Registration => registered(&app, &tx, &origin, &link).await?,
        LinkPurpose::Address => verified(&app, &tx, &origin, &link).await?,
        LinkPurpose::AddressChange => changed(&app, &tx, &origin, &link).await?,
        LinkPurpose::PasswordReset => return Err(ended().into()),
    }
    tx.commit().await?;
    app.sender.wake();
    Ok(Json(Verified { email: link.email, purpose: link.purpose }))
}

async fn registered(app: &App, tx: &DatabaseTransaction, origin: &Origin, link: &Link) -> ApiResult<()> {
    let now = app.clock.millis();
    let id = link.registration_id.as_deref().unwrap_or_default();
    let waiting = registrations::by_id(tx, id).await?.ok_or_else(ended)?;
    if users::by_email(tx, &waiting.email).await?.is_some() {
        return Err(ended().into());
    }
    let invitation = match &waiting.invitation_id {
        Some(id) => Some(invitations::by_id(tx, id).await?.ok_or_else(register::invitation_ended)?),
        None => None,
    };
    let account = users::NewAccount {
        id: id::new(),
        email: Some(waiting.email),
        password_hash: Some(waiting.password_hash),
        name: waiting.name,
        role: invitation.as_ref().map_or(Role::User, invitations::Invitation::role),
        locale: waiting.locale,
        email_verified_at: Some(now),
        ..users::NewAccount::default()
    };
    // Somebody else who waits for this address may be quicker; then they wait in vain.
    let user = register::insert(app, tx, account).await.map_err(|error| match error.problem().status {
        422 => ended().into(),
        _ => error,
    })?;
    registrations::remove(tx, id).await?;
    if let Some(invitation) = invitation
        && !invitations::take(tx, &invitation.id, &user.id, now).await?
    {
        return Err(register::invitation_ended().into());
    }
    Ok(Note::new(Happening::Registered).about(&user.id).from(origin.address()).write(tx, now).await?)
}

async fn verified(app: &App, tx: &DatabaseTransaction, origin: &Origin, link: &Link) -> ApiResult<()> {
    let now = app.clock.millis();
    let id = link.user_id.as_deref().unwrap_or_default();
    let user = users::lock(tx, id).await?.filter(|user| user.email.as_ref() == Some(&link.email));
    let user = user.ok_or_else(ended)?;
    users::set_email(tx, &user.id, &link.email, now).await?;
    links::end(tx, &user.id, LinkPurpose::Address).await?;
    Ok(Note::new(Happening::EmailVerified).about(&user.id).from(origin.address()).write(tx, now).await?)
}

async fn changed(app: &App, tx: &DatabaseTransaction, origin: &Origin, link: &Link) -> ApiResult<()> {
    let now = app.clock.millis();
    let id = link.user_id.as_deref().unwrap_or_default();
    let user = users::lock(tx, id).await?.filter(users::User::is_active).ok_or_else(ended)?;
    users::set_email(tx, &user.id, &link.email, now).await.map_err(|error| match error.sql_err() {
        // Somebody else was quicker.
        Some(SqlErr::UniqueConstraintViolation(_)) => ended().into(),
        _ => ApiError::from(error),
    })?;
    // Links to the old address would let its owner in.
    links::end_all(tx, &user.id).await?;
    if let Some(old) = &user.email {
        let letter = Letter::AddressChanged { to: &link.email };
        app.site.post(tx, old, user.locale.as_deref(), &letter, now).await?;
    }
    Ok(Note::new(Happening::EmailChanged).about(&user.id).from(origin.address()).write(tx, now).await?)
}

/// 410
pub(super) fn ended() -> Problem {
    Problem::new(410, "link_ended", "This link was used or has ended").with_detail("Ask for a new one.")
}

/// Sends the link that waits to be followed once more, if one does. The answer does not tell.
#[utoipa::path(
    post, path = "/api/auth/verify-email/resend", tag = "accounts", request_body = ResendInput,
    responses((status = 202, body = MailSent), (status = 429, description = "Too many mails")),
    security((), ("bearer" = [])),
)]
pub(super) async fn resend(
    State(app): State<App>,
    origin: Origin,
    OptionalViewer(viewer): OptionalViewer,
    Body(input): Body<ResendInput>,
) -> ApiResult<(StatusCode, Json<MailSent>)> {
    origin.attempt(&app).await?;
    let email = match (viewer, input.email) {
        (_, Some(typed)) => {
            let mut check = Check::new();
            let email = check.email(&typed);
            check.finish()?;
            email
        }
        (Some(viewer), None) => caller::user(app.db.read(), &viewer).await?.email.unwrap_or_default(),
        (None, None) => {
            return Err(Problem::validation().with_field("email", "required", "An e-mail address is needed.").into());
        }
    };
    app.attempt(MAILS, &email).await?;
    mails::wish(app.db.write(), Wish::new(WishKind::Resend, &email), app.clock.millis()).await?;
    app.sender.wake();
    Ok((StatusCode::ACCEPTED, Json(MailSent { email })))
}
