//! Calls from service to service.

use axum::extract::{FromRef, FromRequestParts};
use contracts::problem::Problem;
use http::request::Parts;

use super::{Access, credentials};
use crate::ApiError;

/// Proof that the caller showed the service token. Every `/internal/*` route takes it.
#[derive(Clone, Copy, Debug)]
pub struct ServiceCaller;

impl<S: Send + Sync> FromRequestParts<S> for ServiceCaller
where
    Access: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let access = Access::from_ref(state);
        match credentials(&parts.headers, "Service") {
            Some(token) if access.service_token.matches(token) => Ok(Self),
            Some(_) => Err(Problem::forbidden().into()),
            None => Err(Problem::unauthenticated().into()),
        }
    }
}
