//! `PUT /api/users/:id/status` (ADMIN)

use axum::{Json, extract::State};
use contracts::{
    auth::{StatusInput, UserAccount, UserStatus},
    events::UserSuspended,
    module::Role,
    problem::Problem,
};
use kit::{
    ApiError, ApiResult,
    auth::Viewer,
    events::outbox,
    extract::{Body, Path},
};

use super::last_admin;
use crate::{
    access,
    app::App,
    routes::{caller, origin::Origin},
    store::{
        accounts::account,
        audit::{Happening, Note},
        links, users,
    },
};

/// Suspends an account, which ends its sessions and tokens at once, or lets it be used again.
#[utoipa::path(
    put, path = "/api/users/{id}/status", tag = "users", params(("id" = String, Path)), request_body = StatusInput,
    responses((status = 200, body = UserAccount), (status = 409, description = "They are the last admin")),
    security(("bearer" = [])),
)]
pub(in crate::routes) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    origin: Origin,
    Path(id): Path<String>,
    Body(input): Body<StatusInput>,
) -> ApiResult<Json<UserAccount>> {
    viewer.require(Role::Admin)?;
    let now = app.clock.millis();
    let tx = app.db.begin().await?;
    let suspends = input.status == UserStatus::Suspended;
    if suspends {
        last_admin::refuse(&tx, &id).await?;
    }
    let admin = caller::admin(&tx, &viewer).await?;
    let user = users::lock(&tx, &id).await?.filter(|user| user.deleted_at.is_none());
    let user = user.ok_or_else(|| Problem::not_found("user"))?;
    if user.status() == input.status {
        return Ok(Json(account(&user)));
    }
    users::set_status(&tx, &user.id, input.status, now).await?;
    let ended = if suspends {
        links::end_all(&tx, &user.id).await?;
        outbox::add(&tx, &user.id, &UserSuspended { user_id: user.id.clone() }, now).await?;
        Some(access::end_all(&app, &tx, &user).await?)
    } else {
        None
    };
    let detail = if suspends { "SUSPENDED" } else { "ACTIVE" };
    let note = Note::new(Happening::StatusChanged).about(&user.id).by(&admin.id).from(origin.address());
    note.detail(detail).write(&tx, now).await?;
    let user = users::by_id(&tx, &id).await?.ok_or_else(|| ApiError::internal("the user is gone"))?;
    tx.commit().await?;
    if let Some(ended) = ended {
        ended.tell(&app).await;
    }
    Ok(Json(account(&user)))
}
