//! Who may call a service that listens on a port of its own: the gateway and the other services.
//!
//! What such a caller says of a client (`x-client-address`, …) is believed, and limits are the gateway's, so nobody else
//! is answered. In one process there is no port, and nothing to check.

use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use contracts::problem::Problem;
use http::{HeaderMap, HeaderName};

use crate::{Secret, auth::credentials, error::problem_response};

/// Header in which the gateway shows the service token, beside the visitor's own `Authorization`.
pub const SERVICE_TOKEN: HeaderName = HeaderName::from_static("x-service-token");

/// What whoever watches processes asks, and public keys.
const OPEN: [&str; 4] = ["/health", "/ready", "/metrics", "/.well-known/jwks.json"];

/// The routes of `router` for those alone who show `token`: in [`SERVICE_TOKEN`], or as `Authorization: Service …`.
/// Others get 403 `not_the_gateway`, but for health, figures and public keys.
pub fn only(router: Router, token: Secret) -> Router {
    router.layer(from_fn_with_state(token, check))
}

async fn check(State(token): State<Secret>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    // A gateway with another token is told when it asks whether the service is ready, and not by its visitors.
    let is_open = OPEN.contains(&path) && (path != "/ready" || shown(request.headers()).next().is_none());
    if is_open || shown(request.headers()).any(|shown| token.matches(shown)) {
        return next.run(request).await;
    }
    let refused = Problem::new(403, "not_the_gateway", "This service answers only to the gateway")
        .with_detail("Ask at the address of the site; a service shows the service token.");
    problem_response(refused)
}

fn shown(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let gateway = headers.get(SERVICE_TOKEN).and_then(|value| value.to_str().ok());
    [gateway, credentials(headers, "Service")].into_iter().flatten()
}
