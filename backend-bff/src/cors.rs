//! Scripts of other sites that may use the API. None may unless it is configured.

use std::time::Duration;

use axum::Router;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header, request::Parts};
use kit::http::REQUEST_ID;
use tower_http::cors::{AllowCredentials, AllowOrigin, CorsLayer};

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

    /// The router, with what browsers need to let such scripts use it.
    pub(crate) fn around(&self, router: Router) -> Router {
        if !self.any && self.origins.is_empty() && self.credentials.is_empty() {
            return router;
        }
        let (known, trusted) = (self.clone(), self.credentials.clone());
        let allowed = move |origin: &HeaderValue, _: &Parts| {
            known.any || known.origins.contains(origin) || known.credentials.contains(origin)
        };
        let methods = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
        router.layer(
            CorsLayer::new()
                .allow_origin(AllowOrigin::predicate(allowed))
                .allow_credentials(AllowCredentials::predicate(move |origin, _| trusted.contains(origin)))
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
                .max_age(KEPT),
        )
    }
}
