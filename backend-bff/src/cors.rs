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
use url::{Host, Url};

use crate::{LiveRules, backend::Site};

/// How long browsers may keep an answer to whether they may ask.
const KEPT: Duration = Duration::from_secs(3600);

/// Which other sites' scripts may use the API, by origin (`https://app.example`).
#[derive(Clone, Debug, Default)]
pub struct Cors {
    /// Those of all sites.
    pub any: bool,
    /// Those of these, as anybody or with an access token of their own.
    pub origins: Vec<HeaderValue>,
    /// Those of these with the visitor's session too: they act as the visitor, as pages of this site do. Browsers send
    /// the session only for pages of the same site (scheme and registrable domain).
    pub credentials: Vec<HeaderValue>,
}

impl Cors {
    /// Whether the script that asks acts as the visitor.
    pub(crate) fn trusts(&self, headers: &HeaderMap) -> bool {
        headers.get(header::ORIGIN).is_some_and(|origin| self.credentials.contains(origin))
    }

    /// Whether the script that asks is of a site that is named. Who lets all sites read does not let them write.
    pub(crate) fn names(&self, headers: &HeaderMap) -> bool {
        let named = |origin| self.origins.contains(origin) || self.credentials.contains(origin);
        headers.get(header::ORIGIN).is_some_and(named)
    }

    /// What is wrong with these rules for that site, as a sentence that names the key.
    pub(crate) fn objection(&self, site: &Site) -> Option<String> {
        let foreign = self.credentials.iter().find(|origin| !may_be_of_site(origin, &site.origin))?;
        Some(format!(
            "cors.credentials = {foreign:?} is refused: it is another site than {}, and for pages of other sites browsers \
             send no session; allowed are origins of the same scheme and domain, others belong into cors.origins",
            site.origin
        ))
    }

    fn knows(&self, origin: &HeaderValue) -> bool {
        self.any || self.origins.contains(origin) || self.credentials.contains(origin)
    }

    fn is_closed(&self) -> bool {
        !self.any && self.origins.is_empty() && self.credentials.is_empty()
    }
}

/// Whether browsers may take both origins for one site. Some suffixes under which anybody may have a name have several
/// parts (`co.uk`), so of names that end alike only a browser knows.
fn may_be_of_site(origin: &HeaderValue, site: &str) -> bool {
    let origin = origin.to_str().ok().and_then(|origin| Url::parse(origin).ok());
    let (Some(origin), Ok(site)) = (origin, Url::parse(site)) else { return false };
    let same_host = match (origin.host(), site.host()) {
        (Some(Host::Domain(origin)), Some(Host::Domain(site))) => domain(origin) == domain(site),
        (origin, site) => origin == site,
    };
    same_host && origin.scheme() == site.scheme()
}

/// The last two parts of a name.
fn domain(name: &str) -> &str {
    let dot = name.rmatch_indices('.').nth(1);
    dot.map_or(name, |(dot, _)| &name[dot + 1..])
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_other_sites_cannot_act_as_the_visitor() {
        let objection = |site: &str, origin: &'static str| {
            let site = Site { name: String::new(), origin: site.to_owned(), secure: true, loopback: false };
            let cors = Cors { credentials: vec![HeaderValue::from_static(origin)], ..Cors::default() };
            cors.objection(&site)
        };
        for (site, origin) in [
            ("https://blog.example", "https://blog.example"),
            ("https://blog.example", "https://desk.blog.example"),
            ("https://www.blog.example", "https://desk.blog.example:8443"),
            ("http://localhost:8080", "http://localhost:5173"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:5173"),
            ("https://a.co.uk", "https://b.co.uk"), // as far as we know
        ] {
            assert_eq!(objection(site, origin), None, "{origin} for {site}");
        }
        for (site, origin) in [
            ("https://blog.example", "https://desk.example"),
            ("https://blog.example", "https://notblog.example"),
            ("https://blog.example", "http://desk.blog.example"),
            ("http://localhost:8080", "http://app.localhost:8080"),
            ("http://localhost:8080", "http://127.0.0.1:8080"),
            ("http://127.0.0.1:8080", "http://127.0.0.2:8080"),
        ] {
            let objection = objection(site, origin).expect(origin);
            assert!(objection.contains("cors.credentials") && objection.contains(origin), "{objection}");
        }
    }
}
