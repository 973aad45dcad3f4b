//! `GET`/`DELETE /api/auth/me`, `GET /api/auth/me/export`, `GET /api/auth/validate-token`

use axum::{Json, extract::State, http::StatusCode};
use contracts::{
    auth::{AccountExport, DeleteAccountInput, Me},
    events::UserDeleted,
    module,
};
use kit::{ApiResult, auth::Viewer, clock::rfc3339, events::outbox, extract::Body};

use super::{caller, origin::Origin, users::last_admin};
use crate::{
    access,
    app::App,
    mail::Letter,
    store::{
        audit::{self, Happening, Note},
        identities, invitations, links, mails, me, registrations, sessions, users,
    },
};

const MAX_EXPORTED_EVENTS: u32 = 1_000;

/// The caller's account.
#[utoipa::path(
    get, path = "/api/auth/me", tag = "accounts",
    responses((status = 200, body = Me)), security(("bearer" = [])),
)]
pub(super) async fn read(State(app): State<App>, viewer: Viewer) -> ApiResult<Json<Me>> {
    let user = caller::user(app.db.read(), &viewer).await?;
    Ok(Json(me::of(app.db.read(), &user, app.clock.millis()).await?))
}

/// What the token says of its owner; 401 when it says nothing.
#[utoipa::path(
    get, path = "/api/auth/validate-token", tag = "sign-in",
    responses((status = 200, body = module::Viewer)), security(("bearer" = [])),
)]
pub(super) async fn validate(viewer: Viewer) -> Json<module::Viewer> {
    Json(module::Viewer {
        id: viewer.id().to_owned(),
        name: viewer.name().to_owned(),
        avatar: viewer.avatar().map(str::to_owned),
        role: viewer.role(),
    })
}

/// Deletes the caller's account. What they wrote stays under "deleted user" or is removed, as they
/// choose.
#[utoipa::path(
    delete, path = "/api/auth/me", tag = "accounts", request_body = DeleteAccountInput,
    responses(
        (status = 204, description = "Deleted"), (status = 409, description = "They are the last admin"),
        (status = 429, description = "Too many attempts"),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn delete(
    State(app): State<App>,
    viewer: Viewer,
    Body(input): Body<DeleteAccountInput>,
) -> ApiResult<StatusCode> {
    let user = caller::user(app.db.read(), &viewer).await?;
    caller::require_fresh(&app, &viewer, &user, input.password.as_deref()).await?;

    let now = app.clock.millis();
    let tx = app.db.begin().await?;
    last_admin::refuse(&tx, &user.id).await?;
    let user = caller::user(&tx, &viewer).await?;
    let ended = access::end_all(&app, &tx, &user).await?;
    links::end_all(&tx, &user.id).await?;
    identities::unlink_all(&tx, &user.id).await?;
    if let Some(email) = &user.email {
        mails::withdraw(&tx, email).await?;
        registrations::remove_all(&tx, email).await?;
        invitations::anonymise(&tx, &user.id, email).await?;
        app.site.post(&tx, email, user.locale.as_deref(), &Letter::AccountDeleted, now).await?;
    }
    users::anonymise(&tx, &user.id, now).await?;
    audit::anonymise(&tx, &user.id).await?;
    // Without an address: nothing is to tell who it was.
    Note::new(Happening::Deleted).about(&user.id).write(&tx, now).await?;
    let event = UserDeleted { user_id: user.id.clone(), keep_content: input.keep_content };
    outbox::add(&tx, &user.id, &event, now).await?;
    tx.commit().await?;
    app.sender.wake();
    ended.tell(&app).await;
    Ok(StatusCode::NO_CONTENT)
}

/// What this service holds about the caller.
#[utoipa::path(
    get, path = "/api/auth/me/export", tag = "accounts",
    responses((status = 200, body = AccountExport)), security(("bearer" = [])),
)]
pub(super) async fn export(State(app): State<App>, viewer: Viewer, origin: Origin) -> ApiResult<Json<AccountExport>> {
    let (db, now) = (app.db.read(), app.clock.millis());
    let user = caller::user(db, &viewer).await?;
    let audit = audit::Filter::default().user(&user.id).page(&app.db, 1, MAX_EXPORTED_EVENTS).await?;
    let export = AccountExport {
        account: me::of(db, &user, now).await?,
        identities: identities::of(db, &user.id).await?,
        sessions: sessions::list(db, &user.id, &viewer.claims().sid, now).await?,
        audit: audit.items,
        exported_at: rfc3339(now),
    };
    Note::new(Happening::Exported).about(&user.id).from(origin.address()).write(app.db.write(), now).await?;
    Ok(Json(export))
}
