//! `PUT /api/users/:id/role` (ADMIN)

use axum::{Json, extract::State};
use contracts::{
    auth::{RoleInput, UserAccount},
    module::Role,
    problem::Problem,
};
use kit::{
    ApiError, ApiResult,
    auth::Viewer,
    extract::{Body, Path},
};

use super::last_admin;
use crate::{
    access,
    app::App,
    routes::{caller, origin::Origin},
    setup,
    store::{
        accounts::account,
        audit::{Happening, Note},
        users,
    },
};

/// Gives somebody another role. What their tokens said before ends at once; their sessions go on.
#[utoipa::path(
    put, path = "/api/users/{id}/role", tag = "users", params(("id" = String, Path)), request_body = RoleInput,
    responses(
        (status = 200, body = UserAccount), (status = 409, description = "They are the last admin"),
        (status = 429, description = "Too many attempts"),
    ),
    security(("bearer" = [])),
)]
pub(in crate::routes) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    origin: Origin,
    Path(id): Path<String>,
    Body(input): Body<RoleInput>,
) -> ApiResult<Json<UserAccount>> {
    viewer.require(Role::Admin)?;
    let grants = input.role == Role::Admin;
    if grants {
        let admin = caller::admin(app.db.read(), &viewer).await?;
        caller::require_fresh(&app, &viewer, &admin, input.password.as_deref()).await?;
    }
    let now = app.clock.millis();
    let tx = app.db.begin().await?;
    if !grants {
        last_admin::refuse(&tx, &id).await?;
    }
    let admin = caller::admin(&tx, &viewer).await?;
    let user = users::lock(&tx, &id).await?.filter(|user| user.deleted_at.is_none());
    let user = user.ok_or_else(|| Problem::not_found("user"))?;
    if user.role() == input.role {
        return Ok(Json(account(&user)));
    }
    users::set_role(&tx, &user.id, input.role, now).await?;
    if grants {
        setup::end(&tx).await?;
    }
    let ended = access::renew_tokens(&app, &tx, &user).await?;
    let detail = format!("{} → {}", user.role().as_str(), input.role.as_str());
    let note = Note::new(Happening::RoleChanged).about(&user.id).by(&admin.id).from(origin.address());
    note.detail(detail).write(&tx, now).await?;
    let user = users::by_id(&tx, &id).await?.ok_or_else(|| ApiError::internal("the user is gone"))?;
    tx.commit().await?;
    ended.tell(&app).await;
    Ok(Json(account(&user)))
}
