//! `PUT /api/auth/email`: another address, once the link sent to it is followed.

use axum::{Json, extract::State, http::StatusCode};
use contracts::{
    auth::{EmailInput, LinkPurpose, MailSent},
    problem::Problem,
};
use kit::{ApiResult, auth::Viewer, extract::Body};

use super::{caller, origin::Origin};
use crate::{
    app::App,
    domain::{fields::Check, throttle::MAILS},
    mail::Letter,
    store::{
        audit::{Happening, Note},
        links::{self, Owner},
        users,
    },
};

/// Asks for another address. Nothing tells whether it is somebody else's: then they get a mail.
#[utoipa::path(
    put, path = "/api/auth/email", tag = "accounts", request_body = EmailInput,
    responses((status = 202, body = MailSent), (status = 429, description = "Too many attempts")),
    security(("bearer" = [])),
)]
pub(super) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    origin: Origin,
    Body(input): Body<EmailInput>,
) -> ApiResult<(StatusCode, Json<MailSent>)> {
    let user = caller::user(app.db.read(), &viewer).await?;
    let mut check = Check::new();
    let email = check.email(&input.email);
    check.finish()?;
    if user.email.as_ref() == Some(&email) {
        return Err(Problem::validation().with_field("email", "unchanged", "This is your address already.").into());
    }
    caller::require_fresh(&app, &viewer, &user, input.password.as_deref()).await?;
    // Neither one mailbox nor many are to be filled.
    app.attempt(MAILS, &user.id).await?;
    app.attempt(MAILS, &email).await?;

    let now = app.clock.millis();
    let tx = app.db.begin().await?;
    links::end(&tx, &user.id, LinkPurpose::AddressChange).await?;
    let token = links::add(&tx, LinkPurpose::AddressChange, Owner::User(&user.id), &email, now).await?;
    let owner = users::by_email(&tx, &email).await?;
    let (locale, letter) = match &owner {
        // The link goes nowhere then; nobody ever sees its token.
        Some(owner) => (owner.locale.as_deref(), Letter::AddressInUse),
        None => (user.locale.as_deref(), Letter::ConfirmChange { token: &token }),
    };
    app.site.post(&tx, &email, locale, &letter, now).await?;
    Note::new(Happening::EmailChangeAsked).about(&user.id).from(origin.address()).write(&tx, now).await?;
    tx.commit().await?;
    app.sender.wake();
    Ok((StatusCode::ACCEPTED, Json(MailSent { email })))
}
