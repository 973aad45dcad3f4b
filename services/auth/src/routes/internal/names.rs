//! `GET /internal/users/name-taken?name=`: guests are not called like members.

use axum::{Json, extract::State};
use contracts::auth::NameTaken;
use kit::{ApiResult, auth::ServiceCaller, extract::Query};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{app::App, store::users};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::routes) struct Params {
    /// The name as it was typed.
    name: String,
}

/// Whether a member is called so, however it is spelled.
#[utoipa::path(
    get, path = "/internal/users/name-taken", tag = "internal", params(Params),
    responses((status = 200, body = NameTaken)),
)]
pub(in crate::routes) async fn handle(
    _: ServiceCaller,
    State(app): State<App>,
    Query(params): Query<Params>,
) -> ApiResult<Json<NameTaken>> {
    Ok(Json(NameTaken { taken: users::is_name_taken(app.db.read(), &params.name).await? }))
}
