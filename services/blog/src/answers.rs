//! Answers about public posts: kept until a post, a term or a count changes.

use axum::response::Response;
use kit::{ApiResult, answers};
use serde::Serialize;

use crate::app::{App, POSTS};

pub(crate) use kit::answers::own;

/// The answer that is kept under `key`, or what `make` makes.
///
/// # Errors
/// What `make` answers; that is not kept.
pub(crate) async fn kept<T: Serialize>(
    app: &App,
    key: &str,
    make: impl AsyncFnOnce() -> ApiResult<T>,
) -> ApiResult<Response> {
    answers::kept(&app.cache, key, &[POSTS], make).await
}
