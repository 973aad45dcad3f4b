//! The comments of a post as strangers see them, the same for all of them: kept as they go out, until something
//! changes that they may see.

use std::mem::take;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use kit::{ApiResult, answers};
use serde::Serialize;

use crate::app::App;

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
    answers::kept(&app.cache, key, &[COMMENTS], make).await
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
