//! The short path: what is kept and fresh is answered before anything else is asked.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    sync::Arc,
    task::{Context, Poll},
};

use axum::{Router, extract::Request, response::Response, routing::future::RouteFuture};
use futures_util::future::Either;
use http::Method;
use tower::Service;

use super::{PageCache, Shared, key, shared_file};
use crate::{
    backend::Backend,
    document::is_of_somebody,
    gateway,
    layers::{Around, Begun},
    locale,
};

/// Stands before the router with all its layers. What it answers itself has what those would have given it: a
/// request id, the security headers, its place in the metrics.
#[derive(Clone)]
pub(crate) struct Front(Arc<Inner>);

struct Inner {
    backend: Arc<Backend>,
    around: Arc<Around>,
    router: Router,
}

impl Front {
    pub(crate) fn new(backend: Arc<Backend>, around: Arc<Around>, router: Router) -> Self {
        Self(Arc::new(Inner { backend, around, router }))
    }
}

impl Service<Request> for Front {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response, Infallible>>, RouteFuture<Infallible>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let begun = Begun::now();
        match self.0.kept(&request) {
            Some(response) => Either::Left(ready(Ok(self.0.around.finish(begun, response)))),
            None => Either::Right(self.0.router.clone().call(request)),
        }
    }
}

impl Inner {
    fn kept(&self, request: &Request) -> Option<Response> {
        let (method, uri, headers) = (request.method(), request.uri(), request.headers());
        if !matches!(*method, Method::GET | Method::HEAD) || is_never_kept(uri.path()) {
            return None;
        }
        if is_of_somebody(headers, self.backend.sessions.cookie_name()) {
            return None;
        }
        let live = self.backend.registry.live();
        let key = if gateway::is_file(uri.path()) {
            shared_file(uri.path())
        } else {
            let locale = locale::of(headers);
            match uri.query() {
                None => key::plain_key(uri.path(), locale)?,
                Some(query) => Shared::at(&live, uri.path(), query, locale)?.key,
            }
        };
        let cache: &PageCache = &self.backend.cache;
        let response = cache.fresh(&key, &live.release)?.at_once(method, headers)?;
        cache.count_hit();
        Some(response)
    }
}

/// Paths below which there are no documents.
fn is_never_kept(path: &str) -> bool {
    ["/api/", "/bff/", "/forms/", "/media/", "/_"].iter().any(|prefix| path.starts_with(prefix))
}
