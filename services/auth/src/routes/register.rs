//! `POST /api/auth/register`
//!
//! Where addresses are verified first, the answer is the same whether or not there is an account: what
//! was typed is put aside, and a mail tells the owner of the address what to do. Without, the account
//! is made at once, and the answer cannot but tell whether there was one; an admin decides.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use contracts::{
    auth::{LinkPurpose, MailSent, RegisterInput, Registration, Tokens},
    module::Role,
    problem::Problem,
};
use kit::{ApiError, ApiResult, extract::Body, id};
use sea_orm::{DatabaseTransaction, DbErr, SqlErr};

use super::{
    origin::Origin,
    session::{self, Entrance},
};
use crate::{
    app::App,
    domain::{fields::Check, throttle::MAILS},
    mail::Letter,
    store::{
        audit::{Happening, Note},
        invitations::{self, Invitation},
        links::{self, Owner},
        mails::{self, Wish, WishKind},
        registrations,
        users::{self, NewAccount, User},
    },
};

/// Makes an account, or a mail whose link makes it.
#[utoipa::path(
    post, path = "/api/auth/register", tag = "accounts", request_body = RegisterInput,
    responses(
        (status = 201, body = Tokens, description = "There is an account, signed in"),
        (status = 202, body = MailSent, description = "A mail is on its way; the same for every address"),
        (status = 403, description = "Registration is closed, or by invitation"),
        (status = 429, description = "Too many attempts"),
    ),
)]
pub(super) async fn handle(
    State(app): State<App>,
    origin: Origin,
    Body(input): Body<RegisterInput>,
) -> ApiResult<Response> {
    origin.attempt(&app).await?;
    let settings = app.site.settings(app.db.read()).await?;
    let invitation = admit(&app, settings.registration, input.invitation.as_deref()).await?;
    let fields = check(&input)?;
    if let Some(invitation) = &invitation
        && invitation.email.as_ref().is_some_and(|email| *email != fields.email)
    {
        let message = "The invitation is for another address.";
        return Err(Problem::validation().with_field("email", "not_invited", message).into());
    }
    // Who has the link that was sent to an address has shown that it is theirs.
    let is_verified = invitation.as_ref().is_some_and(|invitation| invitation.email.is_some());
    if settings.verify_email && !is_verified {
        let sent = put_aside(&app, &origin, fields, &input.password, invitation).await?;
        return Ok((StatusCode::ACCEPTED, Json(sent)).into_response());
    }
    let tokens = make(&app, &origin, fields, &input.password, invitation, is_verified).await?;
    Ok((StatusCode::CREATED, Json(tokens)).into_response())
}

struct Fields {
    email: String,
    name: String,
    locale: Option<String>,
}

fn check(input: &RegisterInput) -> Result<Fields, Problem> {
    let mut check = Check::new();
    let (email, name) = (check.email(&input.email), check.name(&input.name));
    check.password(&input.password);
    let locale = check.locale(input.locale.as_deref().unwrap_or_default());
    check.finish()?;
    Ok(Fields { email, name, locale })
}

/// The invitation that was shown, if any; 403 where one is needed, or nobody may register.
async fn admit(app: &App, mode: Registration, token: Option<&str>) -> ApiResult<Option<Invitation>> {
    if mode == Registration::Closed {
        return Err(Problem::new(403, "registration_closed", "Nobody can register here").into());
    }
    match token.filter(|token| !token.is_empty()) {
        Some(token) => {
            let good = invitations::good(app.db.read(), token, app.clock.millis()).await?;
            Ok(Some(good.ok_or_else(invitation_ended)?))
        }
        None if mode == Registration::Invitation => {
            Err(Problem::new(403, "invitation_needed", "Registering needs an invitation").into())
        }
        None => Ok(None),
    }
}

pub(super) fn invitation_ended() -> Problem {
    Problem::new(403, "invitation_ended", "This invitation was used, has ended or was withdrawn")
}

/// The same work for every address: one hash, one transaction.
async fn put_aside(
    app: &App,
    origin: &Origin,
    fields: Fields,
    password: &str,
    invitation: Option<Invitation>,
) -> ApiResult<MailSent> {
    app.attempt(MAILS, &fields.email).await?;
    let registration = registrations::Registration {
        id: String::new(),
        email: fields.email.clone(),
        name: fields.name,
        password_hash: app.passwords.hash(password).await?,
        locale: fields.locale.clone(),
        invitation_id: invitation.map(|invitation| invitation.id),
    };
    let now = app.clock.millis();
    let tx = app.db.begin().await?;
    let registration = registrations::add(&tx, registration, now).await?;
    let wish = Wish {
        registration_id: Some(registration.id),
        locale: fields.locale,
        ..Wish::new(WishKind::Registration, &fields.email)
    };
    mails::wish(&tx, wish, now).await?;
    Note::new(Happening::RegistrationAsked).from(origin.address()).write(&tx, now).await?;
    tx.commit().await?;
    app.sender.wake();
    Ok(MailSent { email: fields.email })
}

async fn make(
    app: &App,
    origin: &Origin,
    fields: Fields,
    password: &str,
    invitation: Option<Invitation>,
    is_verified: bool,
) -> ApiResult<Tokens> {
    let now = app.clock.millis();
    let role = invitation.as_ref().map_or(Role::User, Invitation::role);
    let account = NewAccount {
        locale: fields.locale,
        email_verified_at: is_verified.then_some(now),
        ..account(app, fields.email, fields.name, password, role).await?
    };
    let tx = app.db.begin().await?;
    let user = insert(app, &tx, account).await?;
    if let Some(invitation) = &invitation
        && !invitations::take(&tx, &invitation.id, &user.id, now).await?
    {
        return Err(invitation_ended().into());
    }
    if !is_verified {
        ask_to_verify(app, &tx, &user).await?;
    }
    Note::new(Happening::Registered).about(&user.id).from(origin.address()).write(&tx, now).await?;
    let tokens = session::open(app, &tx, &user, Entrance::password(origin)).await?;
    tx.commit().await?;
    app.sender.wake();
    Ok(tokens)
}

/// A mail with the link that verifies the account's address. Wake the sender after the commit.
pub(super) async fn ask_to_verify(app: &App, tx: &DatabaseTransaction, user: &User) -> ApiResult<()> {
    let Some(email) = &user.email else { return Ok(()) };
    let now = app.clock.millis();
    let token = links::add(tx, LinkPurpose::Address, Owner::User(&user.id), email, now).await?;
    let letter = Letter::ConfirmAddress { token: &token };
    Ok(app.site.post(tx, email, user.locale.as_deref(), &letter, now).await?)
}

/// A new account with these checked fields and a hashed password.
pub(super) async fn account(
    app: &App,
    email: String,
    name: String,
    password: &str,
    role: Role,
) -> ApiResult<NewAccount> {
    // First, so that an address that is taken takes as long to refuse as any other takes.
    let password_hash = Some(app.passwords.hash(password).await?);
    // The index has the last word.
    if users::by_email(app.db.read(), &email).await?.is_some() {
        return Err(taken().into());
    }
    Ok(NewAccount { id: id::new(), email: Some(email), password_hash, name, role, ..NewAccount::default() })
}

/// The same, with fields as an operator typed them.
pub(super) async fn checked_account(
    app: &App,
    email: &str,
    name: &str,
    password: &str,
    role: Role,
) -> ApiResult<NewAccount> {
    let mut check = Check::new();
    let (email, name) = (check.email(email), check.name(name));
    check.password(password);
    check.finish()?;
    account(app, email, name, password, role).await
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
