//! One-time links: whether they are still good.

use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{
    auth::{LinkPurpose, LinkState, SetupState},
    pages::SetupPage,
};
use kit::{
    ApiResult,
    extract::{Path, Query},
};
use serde::Deserialize;

use crate::{backend::Backend, paths, sessions::Visitor};

#[derive(Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    token: String,
}

/// `GET /bff/pages/setup?token=`
pub(super) async fn setup(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> ApiResult<Json<SetupPage>> {
    let path = format!("/internal/setup?token={}", paths::encode_query(&which.token));
    let state: SetupState =
        backend.upstreams.auth.get_internal(&path, &backend.service_authorization, &visitor).await?;
    Ok(Json(SetupPage { valid: state.valid }))
}

/// `GET /bff/pages/reset/:token`
pub(super) async fn reset(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> ApiResult<Json<SetupPage>> {
    let purpose = purpose(&backend, &visitor, &token).await?;
    Ok(Json(SetupPage { valid: purpose == Some(LinkPurpose::PasswordReset) }))
}

/// `GET /bff/pages/verify/:token`. Looking at it changes nothing: programs that check mails follow links too.
pub(super) async fn verify(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> ApiResult<Json<SetupPage>> {
    let purpose = purpose(&backend, &visitor, &token).await?;
    Ok(Json(SetupPage { valid: purpose.is_some_and(|purpose| purpose != LinkPurpose::PasswordReset) }))
}

async fn purpose(backend: &Backend, visitor: &Visitor, token: &str) -> ApiResult<Option<LinkPurpose>> {
    let path = format!("/internal/links?token={}", paths::encode_query(token));
    let state: LinkState = backend.upstreams.auth.get_internal(&path, &backend.service_authorization, visitor).await?;
    Ok(state.purpose)
}
