//! Path parameters.

use axum::extract::FromRequestParts;
use contracts::problem::Problem;
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::ApiError;

/// Path parameters. 404 when they cannot be read (not UTF-8, wrong type): nothing lives there.
#[derive(Clone, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        // No database keeps it and no name holds it.
        if parts.uri.path().contains("%00") {
            return Err(Problem::not_found("page").into());
        }
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Problem::not_found("page").into()),
        }
    }
}
