//! What is noted of every request: an id, a span, how long it took.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use contracts::problem::Problem;
use http::{HeaderValue, header};
use kit::{context::TRACEPARENT, http::REQUEST_ID, metrics::Answering, trace};
use tracing::{Instrument, field::Empty};

use crate::{paths, registry::Registry};

/// Every request gets an id of ours: what a client sends could be anything. Its span is a child of the client's,
/// where it has one. The path may hold what is not for logs (the token of a link), so only its pattern is told.
/// One line of the log (`access`) says what became of it.
pub(crate) async fn with_id(State(registry): State<Arc<Registry>>, request: Request, next: Next) -> Response {
    let route = route(&request, &registry);
    observed(route, request, async move |request| next.run(request).await).await
}

/// The same for a request that `answer` answers. `route` is a pattern, never a path.
pub(crate) async fn observed(
    route: Arc<str>,
    mut request: Request,
    answer: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let id = kit::id::new();
    let value = HeaderValue::from_str(&id).unwrap_or_else(|_| HeaderValue::from_static(""));
    request.headers_mut().insert(REQUEST_ID, value.clone());
    let parent = request.headers().get(TRACEPARENT).and_then(|value| value.to_str().ok());
    let method = request.method();
    let span = tracing::info_span!("request", id, %method, route = &*route, trace = Empty);
    let traced = span.in_scope(|| trace::serve(method, &route, parent));
    if let Some(trace) = trace::id_of(&traced) {
        span.record("trace", trace);
    }
    let (begun, logged) = (Instant::now(), span.clone());
    let answering = Answering::begin("bff", request.method(), route);
    let mut response = Box::pin(answer(request)).instrument(traced.clone()).instrument(span).await;
    trace::answered(&traced, response.status());
    answering.answered(response.status());
    let status = response.status().as_u16();
    logged.in_scope(|| tracing::info!(target: "access", status, elapsed = ?begun.elapsed(), "answered"));
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = identified(problem, id, response);
    }
    response.headers_mut().insert(REQUEST_ID, value);
    response
}

/// The pattern of the path: of our own routes, or what a module claims.
fn route(request: &Request, registry: &Registry) -> Arc<str> {
    if let Some(matched) = request.extensions().get::<MatchedPath>() {
        return matched.as_str().into();
    }
    let live = registry.live();
    let decoded = paths::decode(request.uri().path()).ok();
    decoded.and_then(|path| live.claim(&path).map(|(claim, _)| claim.path.as_str().into())).unwrap_or("none".into())
}

/// The same problem with the id by which it is found in the logs.
fn identified(problem: Problem, id: String, response: Response) -> Response {
    let (mut head, _) = response.into_parts();
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.remove(header::CONTENT_ENCODING);
    let body = serde_json::to_vec(&Problem { request_id: Some(id), ..problem }).unwrap_or_default();
    Response::from_parts(head, body.into())
}
