//! `/api/openapi.json`: what all services say of themselves, as one document. `/api/docs`: the same to read.

mod docs;
mod join;
mod names;
mod shape;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use moka::future::Cache;
use serde_json::Value;

use crate::backend::Backend;

/// How long both are kept: a service that is replaced may say something else.
const KEPT: Duration = Duration::from_secs(60);
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
}

/// Both, and the style of the page.
pub(crate) fn routes(backend: &Arc<Backend>) -> Router {
    let api = Api { backend: backend.clone(), made: Cache::builder().max_capacity(1).time_to_live(KEPT).build() };
    let mut routes = Router::new();
    for base in ["/api", "/api/v1"] {
        routes = routes
            .route(&format!("{base}/openapi.json"), get(document))
            .route(&format!("{base}/docs"), get(page))
            .route(&format!("{base}/docs.css"), get(async || answer("text/css; charset=utf-8", Bytes::from(STYLE))));
    }
    routes.with_state(api)
}

async fn document(State(api): State<Api>) -> Response {
    answer("application/json", api.made().await.json)
}

async fn page(State(api): State<Api>) -> Response {
    answer("text/html; charset=utf-8", api.made().await.html)
}

fn answer(kind: &'static str, bytes: Bytes) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
    (StatusCode::OK, headers, Body::from(bytes)).into_response()
}

impl Api {
    async fn made(&self) -> Made {
        if let Some(made) = self.made.get(&()).await {
            return made;
        }
        let services = self.backend.upstreams.all().map(async |(name, _)| (name, self.own(name).await));
        let told = futures_util::future::join_all(services).await;
        let whole = told.iter().all(|(_, document)| document.is_some());
        let site = &self.backend.site;
        let document = join::join(site, &told);
        let html = docs::page(site, &document).into_string();
        let json = serde_json::to_vec(&document).unwrap_or_default();
        let made = Made { json: json.into(), html: html.into() };
        // One that lacks a service is made again as soon as somebody asks.
        if whole {
            self.made.insert((), made.clone()).await;
        }
        made
    }

    /// What a service says of itself, unless it is away.
    async fn own(&self, service: &str) -> Option<Value> {
        let upstream = self.backend.upstreams.named(service)?;
        let answer = upstream.call(Method::GET, "/openapi.json", None, None, HeaderMap::new()).await;
        let document = answer.and_then(|answer| answer.json::<Value>());
        document.inspect_err(|error| tracing::warn!(service, code = %error.problem().code, "its API is not known")).ok()
    }
}
