//! `GET`/`POST /api/auth/invitations`, `DELETE /api/auth/invitations/:id`

use axum::{Json, extract::State, http::StatusCode, response::Response};
use contracts::{
    auth::{Invitation, InvitationInput, NewInvitation},
    blog::Paged,
    module::Role,
    problem::Problem,
};
use kit::{
    ApiError, ApiResult, Secret,
    auth::Viewer,
    extract::{Body, Path, Query},
    http::created,
    id,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{caller, origin::Origin, paging::paging};
use crate::{
    app::App,
    domain::fields::Check,
    mail::Letter,
    store::{
        audit::{Happening, Note},
        invitations,
    },
};

const DEFAULT_DAYS: u32 = 7;
const MAX_DAYS: u32 = 30;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Params {
    /// From 1.
    #[param(minimum = 1, maximum = 100_000)]
    page: Option<u32>,
    /// 1–100, 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    size: Option<u32>,
}

/// Invitations, newest first.
#[utoipa::path(
    get, path = "/api/auth/invitations", tag = "invitations", params(Params),
    responses((status = 200, body = Paged<Invitation>)), security(("bearer" = [])),
)]
pub(super) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(params): Query<Params>,
) -> ApiResult<Json<Paged<Invitation>>> {
    viewer.require(Role::Admin)?;
    let (page, size) = paging(params.page, params.size)?;
    Ok(Json(invitations::page(&app.db, page, size).await?))
}

/// Invites somebody: by mail, or with a link to hand over. As more than a USER only after a fresh sign-in.
#[utoipa::path(
    post, path = "/api/auth/invitations", tag = "invitations", request_body = InvitationInput,
    responses((status = 201, body = NewInvitation)), security(("bearer" = [])),
)]
pub(super) async fn create(
    State(app): State<App>,
    viewer: Viewer,
    origin: Origin,
    Body(input): Body<InvitationInput>,
) -> ApiResult<Response> {
    viewer.require(Role::Admin)?;
    let admin = caller::admin(app.db.read(), &viewer).await?;
    let mut check = Check::new();
    let email = input.email.as_deref().filter(|email| !email.trim().is_empty()).map(|email| check.email(email));
    let locale = check.locale(input.locale.as_deref().unwrap_or_default());
    let days = input.days.unwrap_or(DEFAULT_DAYS);
    if !(1..=MAX_DAYS).contains(&days) {
        check.refuse("days", "invalid", format!("From 1 to {MAX_DAYS}."));
    }
    check.finish()?;
    if input.role > Role::User {
        caller::require_fresh(&app, &viewer, &admin, None).await?;
    }

    let (id, token, now) = (id::new(), Secret::random(), app.clock.millis());
    let tx = app.db.begin().await?;
    let new = invitations::NewInvitation {
        id: &id,
        token: token.expose(),
        email: email.as_deref(),
        role: input.role,
        created_by: &admin.id,
        expires_at: now + i64::from(days) * DAY_MS,
    };
    invitations::add(&tx, &new, now).await?;
    if let Some(email) = &email {
        let letter = Letter::Invitation { token: &token, days };
        app.site.post(&tx, email, locale.as_deref(), &letter, now).await?;
    }
    let note = Note::new(Happening::InvitationMade).by(&admin.id).from(origin.address());
    note.detail(format!("{id} as {}", input.role.as_str())).write(&tx, now).await?;
    let invitation = invitations::by_id(&tx, &id).await?;
    let invitation = invitation.ok_or_else(|| ApiError::internal("the new invitation is gone"))?.into_dto();
    tx.commit().await?;
    app.sender.wake();
    let link = format!("{}/register?invitation={}", app.site.url, token.expose());
    Ok(created(&format!("/api/auth/invitations/{id}"), NewInvitation { invitation, link }))
}

/// Withdraws an invitation that was not used.
#[utoipa::path(
    delete, path = "/api/auth/invitations/{id}", tag = "invitations", params(("id" = String, Path)),
    responses((status = 204, description = "Withdrawn")), security(("bearer" = [])),
)]
pub(super) async fn withdraw(
    State(app): State<App>,
    viewer: Viewer,
    origin: Origin,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    viewer.require(Role::Admin)?;
    let tx = app.db.begin().await?;
    let admin = caller::admin(&tx, &viewer).await?;
    if !invitations::withdraw(&tx, &id).await? {
        return Err(Problem::not_found("invitation that was not used").into());
    }
    let note = Note::new(Happening::InvitationWithdrawn).by(&admin.id).from(origin.address()).detail(id);
    note.write(&tx, app.clock.millis()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
