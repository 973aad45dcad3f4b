//! The short way through the gateway, for what most programs that use the API do: read what everybody may read.
//!
//! The layers around the router stand ready for sessions, tokens, bodies and other sites' scripts, each in a box of its
//! own. A request that has none of these gets here what it would get there, in the same order and by the same
//! functions, without the boxes: half of what passing on an answer took.

use std::{
    convert::Infallible,
    panic::AssertUnwindSafe,
    sync::{Arc, LazyLock},
};

use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use http::{HeaderName, Method, header};
use http_body::Body as _;
use tower::{Layer, ServiceExt, service_fn};

use crate::{
    backend::Backend,
    document::is_of_somebody,
    gateway,
    layers::{self, Around},
    limits, observe,
    sessions::Visitor,
};

/// What the router would have called it.
static ROUTE: LazyLock<Arc<str>> = LazyLock::new(|| "/api/{*rest}".into());

/// Headers of requests that need more: a body, another site, another protocol.
const MORE: [HeaderName; 5] =
    [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::ORIGIN, header::UPGRADE, header::EXPECT];

/// Whether a request only reads, as nobody in particular, what a service answers.
pub(crate) fn is_for(request: &Request, session_cookie: &str) -> bool {
    let (path, headers) = (request.uri().path(), request.headers());
    // Signing in elsewhere is a matter of cookies, and some of it is the BFF's own.
    let passed = || gateway::service(&gateway::unversioned(path)).is_some_and(|service| service != "auth");
    *request.method() == Method::GET
        // In HTTP/2 a body may come that no header tells of.
        && request.body().is_end_stream()
        && path.starts_with("/api/")
        && !MORE.iter().any(|name| headers.contains_key(name))
        && !is_of_somebody(headers, session_cookie)
        && passed()
}

/// Answers it.
pub(crate) async fn answer(backend: Arc<Backend>, around: Arc<Around>, request: Request) -> Response {
    observe::observed(ROUTE.clone(), request, async move |request| {
        let answer = AssertUnwindSafe(packed(backend, request)).catch_unwind();
        let mut response = answer.await.unwrap_or_else(layers::panicked);
        around.dress(&mut response, false);
        response
    })
    .await
}

async fn packed(backend: Arc<Backend>, request: Request) -> Response {
    let service = service_fn(move |request| {
        let backend = backend.clone();
        async move { Ok::<_, Infallible>(admitted(backend, request).await) }
    });
    let Ok(response) = layers::packing().layer(service).oneshot(request).await;
    response.map(Body::new)
}

async fn admitted(backend: Arc<Backend>, request: Request) -> Response {
    let passing = backend.clone();
    limits::admitted(&backend, request, async |request| {
        let visitor = Visitor::unknown(&passing, &request);
        limits::limited(&passing, &visitor, request, async |request| {
            gateway::pass(State(passing.clone()), visitor.clone(), request).await.into_response()
        })
        .await
    })
    .await
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    #[test]
    fn what_brings_a_body_goes_the_long_way() {
        let read = |body| Request::builder().uri("/api/posts").body(body).expect("a request");
        assert!(is_for(&read(Body::empty()), "maru"));
        let untold = Body::from_stream(stream::pending::<Result<&str, Infallible>>());
        assert!(!is_for(&read(untold), "maru"));
    }
}
