//! `GET /internal/links?token=`: what a link of a mail would do, for the page that it leads to.

use axum::{Json, extract::State};
use contracts::auth::LinkState;
use kit::{ApiResult, auth::ServiceCaller, extract::Query};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{app::App, store::links};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::routes) struct Params {
    /// From the link.
    token: String,
}

/// What a link of a mail would do. It is not used up by this.
#[utoipa::path(
    get, path = "/internal/links", tag = "internal", params(Params),
    responses((status = 200, body = LinkState)),
)]
pub(in crate::routes) async fn handle(
    _: ServiceCaller,
    State(app): State<App>,
    Query(params): Query<Params>,
) -> ApiResult<Json<LinkState>> {
    let link = links::find(app.db.read(), &params.token, app.clock.millis()).await?;
    Ok(Json(LinkState { purpose: link.map(|link| link.purpose) }))
}
