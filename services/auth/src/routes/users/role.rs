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
        users::{self, User},
    },
};

/// Gives somebody another role; one above theirs only after a fresh sign-in. What their tokens said before ends at
/// once; their sessions go on.
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
    let makes_admin = input.role == Role::Admin;
    // The password is not checked in the transaction: that takes its time, and notes an attempt of its own.
    let admin = caller::admin(app.db.read(), &viewer).await?;
    let raises = there(users::by_id(app.db.read(), &id).await?)?.role() < input.role;
    if raises {
        caller::require_fresh(&app, &viewer, &admin, input.password.as_deref()).await?;
    }
    let now = app.clock.millis();
    let tx = app.db.begin().await?;
    if !makes_admin {
        last_admin::refuse(&tx, &id).await?;
    }
    let admin = caller::admin(&tx, &viewer).await?;
    let user = there(users::lock(&tx, &id).await?)?;
    if user.role() == input.role {
        return Ok(Json(account(&user)));
    }
    // Somebody took a role from them meanwhile.
    if user.role() < input.role && !raises {
        return Err(caller::fresh_sign_in_needed().into());
    }
    users::set_role(&tx, &user.id, input.role, now).await?;
    if makes_admin {
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

/// 404 when there is no such account, or none any more.
fn there(user: Option<User>) -> Result<User, Problem> {
    user.filter(|user| user.deleted_at.is_none()).ok_or_else(|| Problem::not_found("user"))
}
