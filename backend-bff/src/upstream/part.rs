//! The time of a page and of its parts.

use std::{future::Future, time::Duration};

use axum::{extract::Request, middleware::Next, response::Response};
use kit::{
    ApiResult,
    context::{self, Context},
};
use tokio::time::Instant;

use super::served::{self, SERVICE_VERSION};

/// What a page may take altogether: shorter than a rendering may wait for it.
const PAGE_DEADLINE: Duration = Duration::from_millis(2500);
/// What a page waits for a part that it can do without.
const OPTIONAL_DEADLINE: Duration = Duration::from_secs(1);

/// Gives the answer to a page's request the time that a page has, and says what served it.
pub(crate) async fn within_page_deadline(request: Request, next: Next) -> Response {
    let context = shortened(context::current(), PAGE_DEADLINE);
    let (mut response, served) = served::noted(context::scope(context, next.run(request))).await;
    if let Some(served) = served {
        response.headers_mut().insert(SERVICE_VERSION, served);
    }
    response
}

/// A part that its page can do without: whoever answers it has less time.
pub(crate) async fn optional<T>(part: impl Future<Output = ApiResult<T>>) -> ApiResult<T> {
    context::scope(shortened(context::current(), OPTIONAL_DEADLINE), part).await
}

fn shortened(context: Context, time: Duration) -> Context {
    let deadline = Instant::now() + time;
    let deadline = context.deadline.map_or(deadline, |earlier| earlier.min(deadline));
    Context { deadline: Some(deadline), ..context }
}
