//! Answers that are kept as they go out, because they are the same for everybody.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header;
use serde::Serialize;

use crate::{
    cache::Cache,
    error::{ApiError, ApiResult},
};

/// How long an answer may be wrong where another process changed something and no cache is shared.
const KEPT: Duration = Duration::from_secs(10);

/// The answer that is kept under `key`, or what `make` makes, kept until one of `tags` is forgotten, and ten seconds at
/// most.
///
/// # Errors
/// What `make` answers; that is not kept.
pub async fn kept<T: Serialize>(
    cache: &Cache,
    key: &str,
    tags: &[&str],
    make: impl AsyncFnOnce() -> ApiResult<T>,
) -> ApiResult<Response> {
    let made = async || json(&make().await?);
    Ok(response(cache.bytes_or(key, KEPT, tags, made).await?))
}

/// An answer that is made for this caller alone.
///
/// # Errors
/// None in practice.
pub fn own<T: Serialize>(value: &T) -> ApiResult<Response> {
    Ok(response(json(value)?))
}

fn json<T: Serialize>(value: &T) -> ApiResult<Bytes> {
    Ok(serde_json::to_vec(value).map_err(ApiError::internal)?.into())
}

fn response(body: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}
