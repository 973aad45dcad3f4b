//! `GET /api/drafts/:id` (its author, ADMIN)

use axum::{Json, extract::State};
use contracts::blog::Draft;
use kit::{ApiResult, auth::Viewer, extract::Path};

use crate::app::App;

#[utoipa::path(get, path = "/api/drafts/{id}", tag = "drafts", params(("id" = String, Path)),
    security(("bearer" = [])), responses((status = 200, description = "The draft", body = Draft)))]
pub(crate) async fn handle(State(app): State<App>, viewer: Viewer, Path(id): Path<String>) -> ApiResult<Json<Draft>> {
    Ok(Json(super::find(app.db.read(), &viewer, &id).await?))
}
