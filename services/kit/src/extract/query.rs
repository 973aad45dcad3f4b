//! Query strings.

use axum::extract::FromRequestParts;
use contracts::problem::Problem;
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::ApiError;

/// A query string. 400 naming the parameter when it is not what was asked for.
#[derive(Clone, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        match axum::extract::Query::<T>::try_from_uri(&parts.uri) {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(rejection) => {
                let text = rejection.body_text();
                let reason = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
                let field = reason.split(['`', ':']).find(|part| !part.contains(' ')).unwrap_or_default();
                Err(Problem::new(400, "invalid_query", "A query parameter needs another look")
                    .with_field(field, "invalid", format!("{reason}."))
                    .into())
            }
        }
    }
}
