//! Banned addresses (ADMIN).

use axum::{Json, extract::State};
use contracts::{
    blog::Paged,
    content::{Ban, BanInput},
    module::Role,
    problem::Problem,
};
use http::StatusCode;
use kit::{
    ApiError, ApiResult,
    auth::Viewer,
    extract::{Body, Path, Query},
    id,
};

use crate::{
    app::App,
    domain::text::Check,
    routes::paging::Paging,
    store::bans::{self, NewBan},
};

const MAX_REASON: usize = 200;
const MAX_DAYS: u32 = 3_650;
const DAY_MS: i64 = 24 * 3600 * 1000;

/// `POST /api/comments/:id/ban`
#[utoipa::path(
    post, path = "/api/comments/{id}/ban", tag = "moderation", operation_id = "comments_ban",
    description = "Bans the address that a comment came from. A ban that is there is changed.",
    params(("id" = String, Path, description = "Id of the comment")), request_body = BanInput,
    security(("bearer" = [])),
    responses((status = 200, body = Ban), (status = 409, description = "Nobody knows where it came from")),
)]
pub(crate) async fn add(
    State(app): State<App>,
    viewer: Viewer,
    Path(comment): Path<String>,
    Body(input): Body<BanInput>,
) -> ApiResult<Json<Ban>> {
    viewer.require(Role::Admin)?;
    let mut check = Check::new();
    let reason = check.note("reason", input.reason.as_deref(), MAX_REASON);
    if input.days.is_some_and(|days| !(1..=MAX_DAYS).contains(&days)) {
        check.refuse("days", "invalid", format!("From 1 to {MAX_DAYS} days."));
    }
    check.finish()?;
    let found = super::find(&app, &comment).await?;
    let Some(address_hash) = found.comment.address_hash.as_deref() else {
        return Err(Problem::new(409, "no_address", "It is not known where this comment came from").into());
    };
    let now = app.clock.millis();
    let until = input.days.map(|days| now + i64::from(days) * DAY_MS);
    let ban = NewBan { address_hash, reason, by: viewer.id(), until };
    let ban = bans::set(app.db.write(), ban, now).await?;
    Ok(Json(ban.ok_or_else(|| ApiError::internal("the new ban is gone"))?))
}

/// `GET /api/comments/bans`
#[utoipa::path(
    get, path = "/api/comments/bans", tag = "moderation", operation_id = "comments_bans",
    description = "Bans that hold, newest first.", params(Paging), security(("bearer" = [])),
    responses((status = 200, body = Paged<Ban>)),
)]
pub(crate) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(paging): Query<Paging>,
) -> ApiResult<Json<Paged<Ban>>> {
    viewer.require(Role::Admin)?;
    let (page, size) = paging.get()?;
    Ok(Json(bans::page(app.db.read(), app.clock.millis(), page, size).await?))
}

/// `DELETE /api/comments/bans/:id`
#[utoipa::path(
    delete, path = "/api/comments/bans/{id}", tag = "moderation", operation_id = "comments_unban",
    description = "Ends a ban.", params(("id" = String, Path, description = "Id of the ban")),
    security(("bearer" = [])), responses((status = 204, description = "It has ended")),
)]
pub(crate) async fn end(State(app): State<App>, viewer: Viewer, Path(ban): Path<String>) -> ApiResult<StatusCode> {
    viewer.require(Role::Admin)?;
    let none = || Problem::not_found("ban");
    let ban = id::parse(&ban).ok_or_else(none)?;
    if bans::end(app.db.write(), &ban).await? { Ok(StatusCode::NO_CONTENT) } else { Err(none().into()) }
}
