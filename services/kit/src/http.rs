//! The frame around a service's routes: health, fallbacks, request ids, panics, body size.

use std::{any::Any, sync::Arc, time::Instant};

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use contracts::problem::Problem;
use http::{HeaderName, StatusCode, header};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument;

use crate::{
    ApiError,
    bus::Bus,
    context::{self, Context},
    db::Db,
    error::{location_header, problem_body, problem_response},
    metrics::{self, Metrics},
};

/// Header that carries the id of a request from the BFF through the services' logs.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Largest body that a route takes unless it says otherwise.
pub const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// Puts the frame around the routes of service `name`. [`crate::Frame`] does more.
pub fn finish(name: &'static str, db: Db, routes: Router) -> Router {
    enclose(name, db, None, &[], routes)
}

/// `tables` are those of the events that the service has.
pub(crate) fn enclose(
    name: &'static str,
    db: Db,
    bus: Option<Arc<dyn Bus>>,
    tables: &'static [&'static str],
    routes: Router,
) -> Router {
    let metrics = Metrics::default();
    let (counted, counted_db) = (metrics.clone(), db.clone());
    let figures = async move || {
        let text = metrics::render(name, &counted, &counted_db, tables).await;
        ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text)
    };
    routes
        .route("/health", get(|| async { "ok" }))
        .route("/metrics", get(figures))
        .route("/ready", get(ready).with_state(Needed { db, bus }))
        .fallback(async || ApiError::from(Problem::not_found("route")))
        .method_not_allowed_fallback(async || {
            ApiError::from(Problem::new(405, "method_not_allowed", "This cannot be done with that method"))
        })
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        // Inside the next layer, so that a panic is logged with the request's id.
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(Observed { name, metrics }, with_request_id))
}

/// What the outermost layer knows.
#[derive(Clone)]
struct Observed {
    name: &'static str,
    metrics: Metrics,
}

/// What a service cannot do without.
#[derive(Clone)]
struct Needed {
    db: Db,
    bus: Option<Arc<dyn Bus>>,
}

async fn ready(State(Needed { db, bus }): State<Needed>) -> Result<&'static str, ApiError> {
    db.ping().await.map_err(ApiError::unavailable)?;
    if let Some(bus) = bus {
        bus.check().await.map_err(ApiError::unavailable)?;
    }
    Ok("ready")
}

/// Opens the request's span, counts it, and adds its id to problems.
async fn with_request_id(State(observed): State<Observed>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let context = Context::of(request.headers());
    let id = context.request_id.clone();
    let span = tracing::info_span!(
        "request",
        service = observed.name,
        id = id.as_deref().unwrap_or_default(),
        method = %request.method(),
        path = request.uri().path(),
    );
    let mut response = context::scope(context, next.run(request).instrument(span)).await;
    observed.metrics.count(method.as_str(), &route, response.status().as_u16(), begun.elapsed());
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
