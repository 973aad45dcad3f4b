//! The short path: what is kept and fresh is answered before anything else is asked.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    sync::Arc,
    task::{Context, Poll},
};

use axum::{Router, extract::Request, response::Response, routing::future::RouteFuture};
use futures_util::{
    FutureExt,
    future::{BoxFuture, Either},
};
use http::Method;
use tower::Service;

use super::{PageCache, Shared, key, shared_file};
use crate::{
    backend::Backend,
    direct,
    document::is_of_somebody,
    gateway,
    layers::{Around, Begun},
    locale,
};

/// Stands before the router with all its layers. What it answers itself has what those would have given it: a
/// request id, the security headers, its place in the metrics.
#[derive(Clone)]
pub(crate) struct Front(Arc<Inner>);

/// At once, on the short way through the gateway, or through the router.
type Answering = Either<
    Ready<Result<Response, Infallible>>,
    Either<BoxFuture<'static, Result<Response, Infallible>>, RouteFuture<Infallible>>,
>;

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
    type Future = Answering;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let begun = Begun::now();
        if let Some(response) = self.0.kept(&request) {
            return Either::Left(ready(Ok(self.0.around.finish(begun, request.method(), response))));
        }
        let Inner { backend, around, router } = &*self.0;
        if direct::is_for(&request, backend.sessions.cookie_name()) {
            let answer = direct::answer(backend.clone(), around.clone(), request);
            return Either::Right(Either::Left(answer.map(Ok as fn(_) -> _).boxed()));
        }
        Either::Right(Either::Right(router.clone().call(request)))
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
