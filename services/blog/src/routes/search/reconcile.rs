//! `POST /internal/search/reconcile`: compares the index with the posts. Needs no other service, unlike
//! the whole reconciliation, of which it is a part.

use axum::{Json, extract::State};
use contracts::reconcile::Check;
use kit::{ApiResult, auth::ServiceCaller};

use crate::app::App;

#[utoipa::path(post, path = "/internal/search/reconcile", tag = "internal",
    responses((status = 200, description = "What differed", body = Check)))]
pub(crate) async fn handle(_: ServiceCaller, State(app): State<App>) -> ApiResult<Json<Check>> {
    Ok(Json(app.search()?.reconcile().await?))
}
