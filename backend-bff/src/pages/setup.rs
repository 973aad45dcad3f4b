use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{auth::SetupState, pages::SetupPage};
use kit::{ApiResult, extract::Query};
use serde::Deserialize;

use crate::{backend::Backend, paths};

#[derive(Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    token: String,
}

/// `GET /bff/pages/setup?token=`
pub(super) async fn page(
    State(backend): State<Arc<Backend>>,
    Query(which): Query<Which>,
) -> ApiResult<Json<SetupPage>> {
    let path = format!("/internal/setup?token={}", paths::encode_query(&which.token));
    let state: SetupState = backend.upstreams.auth.get(&path, Some(&backend.service_authorization)).await?;
    Ok(Json(SetupPage { valid: state.valid }))
}
