//! Answers about public posts, which are the same for everybody: kept as they go out, until a post, a term
//! or a count changes.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header;
use kit::{ApiError, ApiResult};
use serde::Serialize;

use crate::app::{App, POSTS};

/// How long an answer may be wrong where another process changed something and no cache is shared.
const KEPT: Duration = Duration::from_secs(10);

/// The answer that is kept under `key`, or what `make` makes.
///
/// # Errors
/// What `make` answers; that is not kept.
pub(crate) async fn kept<T: Serialize>(
    app: &App,
    key: &str,
    make: impl AsyncFnOnce() -> ApiResult<T>,
) -> ApiResult<Response> {
    let made = async || json(&make().await?);
    let body: Bytes = app.cache.bytes_or(key, KEPT, &[POSTS], made).await?;
    Ok(response(body))
}

/// An answer that is made for this caller alone.
///
/// # Errors
/// None in practice.
pub(crate) fn own<T: Serialize>(value: &T) -> ApiResult<Response> {
    Ok(response(json(value)?))
}

fn json<T: Serialize>(value: &T) -> ApiResult<Bytes> {
    Ok(serde_json::to_vec(value).map_err(ApiError::internal)?.into())
}

fn response(body: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}
