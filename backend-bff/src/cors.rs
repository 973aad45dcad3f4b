//! Scripts of other sites that may use the API. None may unless it is configured.

use std::{
    convert::Infallible,
    task::{Context, Poll},
    time::Duration,
};

use axum::{Router, extract::Request, response::Response, routing::Route};
use futures_util::{FutureExt, future::BoxFuture};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use kit::http::REQUEST_ID;
use tower::{Layer, Service, layer::layer_fn};
use tower_http::cors::{AllowCredentials, AllowOrigin, CorsLayer};

use crate::LiveRules;

/// How long browsers may keep an answer to whether they may ask.
const KEPT: Duration = Duration::from_secs(3600);

/// Which other sites' scripts may use the API, by origin (`https://app.example`).
#[derive(Clone, Debug, Default)]
pub struct Cors {
    /// Those of all sites.
    pub any: bool,
    /// Those of these, as anybody or with an access token of their own.
    pub origins: Vec<HeaderValue>,
    /// Those of these with the visitor's session too: they act as the visitor, as pages of this site do.
    pub credentials: Vec<HeaderValue>,
}

impl Cors {
    /// Whether the script that asks acts as the visitor.
    pub(crate) fn trusts(&self, headers: &HeaderMap) -> bool {
        headers.get(header::ORIGIN).is_some_and(|origin| self.credentials.contains(origin))
    }

    fn knows(&self, origin: &HeaderValue) -> bool {
        self.any || self.origins.contains(origin) || self.credentials.contains(origin)
    }

    fn is_closed(&self) -> bool {
        !self.any && self.origins.is_empty() && self.credentials.is_empty()
    }
}

/// The router, with what browsers need to let such scripts use it, as long as the rules let any in.
pub(crate) fn around(rules: LiveRules, router: Router) -> Router {
    let layer = layer(rules.clone());
    router.layer(layer_fn(move |inner: Route| WhenOpen {
        rules: rules.clone(),
        open: layer.layer(inner.clone()),
        closed: inner,
    }))
}

fn layer(rules: LiveRules) -> CorsLayer {
    let known = rules.clone();
    let methods = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, _| known.current().cors.knows(origin)))
        .allow_credentials(AllowCredentials::predicate(move |origin, _| {
            rules.current().cors.credentials.contains(origin)
        }))
        .allow_methods(methods)
        .allow_headers([
            header::ACCEPT,
            header::ACCEPT_LANGUAGE,
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_NONE_MATCH,
        ])
        .expose_headers([
            header::ETAG,
            header::LOCATION,
            header::RETRY_AFTER,
            HeaderName::from_static("ratelimit"),
            HeaderName::from_static("ratelimit-policy"),
            REQUEST_ID,
        ])
        .max_age(KEPT)
}

/// A route with and without [`CorsLayer`], which answers every `OPTIONS` itself.
#[derive(Clone)]
struct WhenOpen {
    rules: LiveRules,
    open: tower_http::cors::Cors<Route>,
    closed: Route,
}

impl Service<Request> for WhenOpen {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // Both stand before the same route.
        Service::<Request>::poll_ready(&mut self.closed, context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        if self.rules.current().cors.is_closed() {
            self.closed.call(request).boxed()
        } else {
            self.open.call(request).boxed()
        }
    }
}
