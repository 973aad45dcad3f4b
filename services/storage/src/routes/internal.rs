//! `PUT /internal/images?filename=`: raw bytes from another service. The same bytes twice are one
//! image.

use axum::{
    Json,
    extract::{FromRequest, Request, State},
};
use bytes::Bytes;
use contracts::storage::Image;
use kit::{ApiResult, auth::ServiceCaller, extract::Query};
use serde::Deserialize;

use super::{check, too_large};
use crate::{app::App, store};

#[derive(Debug, Deserialize)]
pub(super) struct Params {
    filename: String,
}

pub(super) async fn handle(
    _: ServiceCaller,
    State(app): State<App>,
    Query(params): Query<Params>,
    request: Request,
) -> ApiResult<Json<Image>> {
    let bytes = Bytes::from_request(request, &app).await.map_err(|_| too_large())?;
    Ok(Json(store::put(&app, check(bytes, &params.filename, None)?).await?))
}
