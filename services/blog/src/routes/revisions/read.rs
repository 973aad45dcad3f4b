//! `GET /api/posts/:slug/revisions/:id` (its author, ADMIN)

use axum::{Json, extract::State};
use contracts::{blog::RevisionText, problem::Problem};
use kit::{ApiResult, auth::Viewer, extract::Path};

use super::post_id;
use crate::{app::App, store::revisions};

#[utoipa::path(get, path = "/api/posts/{slug}/revisions/{id}", tag = "revisions",
    params(("slug" = String, Path), ("id" = String, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The revision", body = RevisionText)))]
pub(crate) async fn handle(
    State(app): State<App>,
    viewer: Viewer,
    Path((slug, id)): Path<(String, String)>,
) -> ApiResult<Json<RevisionText>> {
    let post = post_id(&app, &viewer, &slug).await?;
    let revision = revisions::by_id(app.db.read(), &post, &id).await?;
    Ok(Json(revision.ok_or_else(|| Problem::not_found("revision"))?.into_text()))
}
