//! The frame around a service's routes: health, fallbacks, request ids, panics, body size.

use std::{any::Any, sync::Arc};

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use contracts::problem::Problem;
use http::{HeaderName, StatusCode, header};
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument;

use crate::{
    ApiError,
    bus::Bus,
    context::{self, Context},
    db::Db,
    error::{location_header, problem_body, problem_response},
    metrics::{Answering, Metrics},
    trace,
};

/// Header that carries the id of a request from the BFF through the services' logs.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Largest body that a route takes unless it says otherwise.
pub const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// Puts the frame around the routes of service `name`. [`crate::Frame`] does more.
pub fn finish(name: &'static str, db: Db, routes: Router) -> Router {
    let metrics = Metrics::new();
    metrics.watch(name, db.clone(), &[]);
    enclose(name, Needed { db, bus: None, draining: CancellationToken::new() }, metrics, routes)
}

pub(crate) fn enclose(name: &'static str, needed: Needed, metrics: Metrics, routes: Router) -> Router {
    let figures = async move || ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics.render().await);
    routes
        .route("/health", get(|| async { "ok" }))
        .route("/metrics", get(figures))
        .route("/ready", get(ready).with_state(needed))
        .fallback(async || ApiError::from(Problem::not_found("route")))
        .method_not_allowed_fallback(async || {
            ApiError::from(Problem::new(405, "method_not_allowed", "This cannot be done with that method"))
        })
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        // Inside the next layer, so that a panic is logged with the request's id.
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(name, with_request_id))
}

/// What a service cannot do without.
#[derive(Clone)]
pub(crate) struct Needed {
    pub(crate) db: Db,
    pub(crate) bus: Option<Arc<dyn Bus>>,
    /// Who is about to end is not ready, whatever is there.
    pub(crate) draining: CancellationToken,
}

async fn ready(State(Needed { db, bus, draining }): State<Needed>) -> Result<&'static str, ApiError> {
    if draining.is_cancelled() {
        return Err(Problem::unavailable().with_detail("This process is about to end.").into());
    }
    db.ping().await.map_err(ApiError::unavailable)?;
    if let Some(bus) = bus {
        bus.check().await.map_err(ApiError::unavailable)?;
    }
    Ok("ready")
}

/// Opens the request's span, counts it, and adds its id to problems. The path may hold what is not for logs
/// (the token of a link), so only its pattern is told.
async fn with_request_id(State(service): State<&'static str>, request: Request, next: Next) -> Response {
    let route: Arc<str> = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).into();
    let context = Context::of(request.headers());
    let id = context.request_id.clone();
    let method = request.method();
    let span =
        tracing::info_span!("request", service, id = id.as_deref().unwrap_or_default(), %method, route = &*route);
    let traced = span.in_scope(|| trace::serve(method, &route, context.traceparent.as_deref()));
    let answering = Answering::begin(service, request.method(), route);
    let answer = next.run(request).instrument(traced.clone()).instrument(span);
    let mut response = context::scope(context, answer).await;
    trace::answered(&traced, response.status());
    answering.answered(response.status());
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let current = response.extensions_mut().remove();
        let (mut head, _) = response.into_parts();
        head.headers.remove(header::CONTENT_LENGTH);
        let body = problem_body(&Problem { request_id: id, ..problem }, current.as_ref());
        return Response::from_parts(head, body.into());
    }
    response
}

fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let cause = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(cause, "route panicked");
    problem_response(Problem::internal())
}

/// 201 with the place of the new thing.
pub fn created<T: serde::Serialize>(location: &str, body: T) -> Response {
    let mut response = (StatusCode::CREATED, axum::Json(body)).into_response();
    if let Some(location) = location_header(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}
