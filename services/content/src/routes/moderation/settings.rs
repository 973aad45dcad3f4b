//! `GET`/`PUT /api/comments/settings` (ADMIN)

use axum::{Json, extract::State};
use contracts::{content::CommentSettings, module::Role, problem::Problem};
use kit::{ApiResult, auth::Viewer, extract::Body};

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
        (status = 200, body = CommentSettings), (status = 409, description = "Changed in the meantime"),
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
        return Err(Problem::new(409, "stale_version", "Somebody changed this in the meantime")
            .with_detail(format!(
                "It is at version {} now; yours was made from version {}.",
                now.version, input.version
            ))
            .with_field("version", "stale", now.version.to_string())
            .into());
    }
    Ok(Json(now))
}
