use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{
    auth::{Registration, SignInOptions},
    pages::{SignInPage, SignInProvider},
};
use kit::ApiResult;

use super::Missing;
use crate::{backend::Backend, sessions::Visitor, upstream::optional};

/// `GET /bff/pages/login`. Who signs in with a password needs nothing of it, so it never fails.
pub(super) async fn page(State(backend): State<Arc<Backend>>, visitor: Visitor) -> ApiResult<Json<SignInPage>> {
    let options = optional(backend.upstreams.auth.get::<SignInOptions>("/api/auth/options", &visitor)).await;
    let mut missing = Missing::default();
    let options = missing.or_default("options", options);
    let provider = |one: contracts::auth::ProviderInfo| SignInProvider { id: one.id, name: one.name };
    Ok(Json(SignInPage {
        registration: registration(options.registration).to_owned(),
        providers: options.providers.into_iter().map(provider).collect(),
        missing: missing.0,
    }))
}

pub(super) fn registration(registration: Registration) -> &'static str {
    match registration {
        Registration::Open => "OPEN",
        Registration::Invitation => "INVITATION",
        Registration::Closed => "CLOSED",
    }
}
