//! The comments of a post as strangers see them, the same for all of them: kept as they go out, until something
//! changes that they may see.

use std::{mem::take, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::header;
use kit::{ApiError, ApiResult};
use serde::Serialize;

use crate::app::App;

/// How long an answer may be wrong where another process changed something and no cache is shared.
const KEPT: Duration = Duration::from_secs(10);
/// The tag of all that is kept.
const COMMENTS: &str = "comments";

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
    let body: Bytes = app.cache.bytes_or(key, KEPT, &[COMMENTS], made).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

fn json<T: Serialize>(value: &T) -> ApiResult<Bytes> {
    Ok(serde_json::to_vec(value).map_err(ApiError::internal)?.into())
}

/// Forgets what is kept.
pub(crate) async fn forget(app: &App) {
    app.cache.forget_tag(COMMENTS).await;
}

/// Forgets what is kept once a request has changed something, before its answer goes out.
pub(crate) async fn forget_after_change(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let seen = path.starts_with("/api/comments") || path.starts_with("/internal/");
    if request.method().is_safe() || !seen || path == "/api/comments/preview" {
        return next.run(request).await;
    }
    let mut change = Change(Some(app));
    let response = next.run(request).await;
    change.over().await;
    response
}

/// A change under way. Who asked for it may leave when it is done and its answer is not: that counts as well.
struct Change(Option<App>);

impl Change {
    async fn over(&mut self) {
        if let Some(app) = &self.0 {
            forget(app).await;
        }
        self.0 = None;
    }
}

impl Drop for Change {
    fn drop(&mut self) {
        if let (Some(app), Ok(runtime)) = (take(&mut self.0), tokio::runtime::Handle::try_current()) {
            runtime.spawn(async move { forget(&app).await });
        }
    }
}
