//! Who may handle backups.

use axum::extract::{FromRef, FromRequestParts};
use contracts::module::Role;
use http::request::Parts;
use kit::{
    ApiError,
    auth::{Access, ServiceCaller, Viewer},
};

/// An admin, or the operator's own program with the service token.
pub(super) struct Operator;

impl<S: Send + Sync> FromRequestParts<S> for Operator
where
    Access: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        if ServiceCaller::from_request_parts(parts, state).await.is_ok() {
            return Ok(Self);
        }
        Viewer::from_request_parts(parts, state).await?.require(Role::Admin)?;
        Ok(Self)
    }
}
