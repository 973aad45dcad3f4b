//! `GET`/`PUT /api/comments/settings` (ADMIN)

use axum::{Json, extract::State};
use contracts::{content::CommentSettings, module::Role};
use kit::{ApiError, ApiResult, auth::Viewer, extract::Body};

use crate::{app::App, domain::rules, store::settings};

#[utoipa::path(
    get, path = "/api/comments/settings", tag = "moderation", operation_id = "comments_settings",
    description = "The rules against spam.", security(("bearer" = [])),
    responses((status = 200, body = CommentSettings)),
)]
pub(crate) async fn read(State(app): State<App>, viewer: Viewer) -> ApiResult<Json<CommentSettings>> {
    viewer.require(Role::Admin)?;
    Ok(Json(settings::get(app.db.read()).await?))
}

#[utoipa::path(
    put, path = "/api/comments/settings", tag = "moderation", operation_id = "comments_settings_update",
    description = "Changes the rules against spam.", request_body = CommentSettings, security(("bearer" = [])),
    responses(
        (status = 200, body = CommentSettings), (status = 409, description = "Changed in the meantime; `current` are those of now"),
    ),
)]
pub(crate) async fn update(
    State(app): State<App>,
    viewer: Viewer,
    Body(input): Body<CommentSettings>,
) -> ApiResult<Json<CommentSettings>> {
    viewer.require(Role::Admin)?;
    let input = rules::check(input)?;
    let stored = settings::set(app.db.write(), &input).await?;
    let now = settings::get(app.db.write()).await?;
    if !stored {
        return Err(ApiError::stale(input.version, now.version, &now));
    }
    Ok(Json(now))
}
