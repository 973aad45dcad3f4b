//! `/api/openapi.json`: what all services say of themselves, as one document. `/api/docs`: the same to read.

mod docs;
mod join;
mod names;
mod shape;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use moka::{Expiry, future::Cache};
use serde_json::Value;

use crate::backend::Backend;

/// How long both are kept: a service that is replaced may say something else.
const KEPT: Duration = Duration::from_secs(60);
/// And while a service is away: it may be back soon, but not all who ask meanwhile have to wait for it.
const KEPT_INCOMPLETE: Duration = Duration::from_secs(2);
const STYLE: &str = include_str!("docs.css");

#[derive(Clone)]
struct Api {
    backend: Arc<Backend>,
    made: Cache<(), Made>,
}

#[derive(Clone)]
struct Made {
    json: Bytes,
    html: Bytes,
    /// Whether all services said what they do.
    whole: bool,
}

/// How long what was made is kept.
struct Lasting;

impl Expiry<(), Made> for Lasting {
    fn expire_after_create(&self, (): &(), made: &Made, _: Instant) -> Option<Duration> {
        Some(if made.whole { KEPT } else { KEPT_INCOMPLETE })
    }
}

/// Both, and the style of the page.
pub(crate) fn routes(backend: &Arc<Backend>) -> Router {
    let made = Cache::builder().max_capacity(1).expire_after(Lasting).build();
    let api = Api { backend: backend.clone(), made };
    let mut routes = Router::new();
    for base in ["/api", "/api/v1"] {
        routes = routes
            .route(&format!("{base}/openapi.json"), get(document))
            .route(&format!("{base}/docs"), get(page))
            .route(&format!("{base}/docs.css"), get(style));
    }
    routes.with_state(api)
}

async fn document(State(api): State<Api>) -> Response {
    let made = api.made().await;
    answer("application/json", made.json, made.whole)
}

async fn page(State(api): State<Api>) -> Response {
    let made = api.made().await;
    answer("text/html; charset=utf-8", made.html, made.whole)
}

async fn style() -> Response {
    answer("text/css; charset=utf-8", Bytes::from(STYLE), true)
}

/// What lacks something is for who asked, now.
fn answer(kind: &'static str, bytes: Bytes, whole: bool) -> Response {
    let caching = if whole { "public, max-age=60" } else { "no-store" };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    (StatusCode::OK, headers, Body::from(bytes)).into_response()
}

impl Api {
    /// Both, made by one for all who ask at once.
    async fn made(&self) -> Made {
        self.made.get_with((), self.make()).await
    }

    async fn make(&self) -> Made {
        let services = self.backend.upstreams.all().map(async |(name, _)| (name, self.own(name).await));
        let told = futures_util::future::join_all(services).await;
        let whole = told.iter().all(|(_, document)| document.is_some());
        let document = join::join(&self.backend.site, &told);
        let html = docs::page(&self.backend.site, &document).into_string();
        let json = serde_json::to_vec(&document).unwrap_or_default();
        Made { json: json.into(), html: html.into(), whole }
    }

    /// What a service says of itself, unless it is away.
    async fn own(&self, service: &str) -> Option<Value> {
        let upstream = self.backend.upstreams.named(service)?;
        let answer = upstream.call(Method::GET, "/openapi.json", None, None, HeaderMap::new()).await;
        let document = answer.and_then(|answer| answer.json::<Value>());
        document.inspect_err(|error| tracing::warn!(service, code = %error.problem().code, "its API is not known")).ok()
    }
}
