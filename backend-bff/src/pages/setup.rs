use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{auth::SetupState, pages::SetupPage};
use kit::{ApiResult, extract::Query};
use serde::Deserialize;

use crate::{backend::Backend, paths, sessions::Visitor};

#[derive(Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    token: String,
}

/// `GET /bff/pages/setup?token=`
pub(super) async fn page(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> ApiResult<Json<SetupPage>> {
    let path = format!("/internal/setup?token={}", paths::encode_query(&which.token));
    let state: SetupState =
        backend.upstreams.auth.get_internal(&path, &backend.service_authorization, &visitor).await?;
    Ok(Json(SetupPage { valid: state.valid }))
}
