//! How a request reaches a service: its router in this process, or HTTP.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{Router, body::Body, extract::Request, response::Response};
use kit::StartError;
use tower::{Service, ServiceExt};
use url::Url;

use super::failure::Failure;

/// How long making a connection may take.
const CONNECT_DEADLINE: Duration = Duration::from_secs(1);
/// Connections kept open to each address while nobody uses them, and for how long.
const IDLE_CONNECTIONS: usize = 64;
const IDLE_FOR: Duration = Duration::from_secs(30);

/// One address of a service, as a tower service.
#[derive(Clone, Debug)]
pub(crate) enum Transport {
    InProcess(Router),
    Http { client: reqwest::Client, base: Url },
}

/// The client that the addresses of a service share, with its pool of connections.
pub(super) fn client() -> Result<reqwest::Client, StartError> {
    reqwest::Client::builder()
        .connect_timeout(CONNECT_DEADLINE)
        .pool_max_idle_per_host(IDLE_CONNECTIONS)
        .pool_idle_timeout(IDLE_FOR)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .map_err(|error| StartError::new("bff", "the HTTP client cannot be made").because(error))
}

impl Transport {
    /// As operators see it: no credentials that a URL may hold.
    pub(super) fn label(&self) -> String {
        match self {
            Self::InProcess(_) => "in process".to_owned(),
            Self::Http { base, .. } => base.origin().ascii_serialization(),
        }
    }
}

impl Service<Request> for Transport {
    type Response = Response;
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Failure>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match self {
            Self::InProcess(router) => {
                let answer = router.clone().oneshot(request);
                Box::pin(async {
                    match answer.await {
                        Ok(response) => Ok(response),
                        Err(never) => match never {},
                    }
                })
            }
            Self::Http { client, base } => Box::pin(over_http(client.clone(), base.clone(), request)),
        }
    }
}

async fn over_http(client: reqwest::Client, mut url: Url, request: Request) -> Result<Response, Failure> {
    let (head, body) = request.into_parts();
    url.set_path(head.uri.path());
    url.set_query(head.uri.query());
    let mut call = client.request(head.method, url).headers(head.headers);
    if http_body::Body::size_hint(&body).exact() != Some(0) {
        call = call.body(reqwest::Body::wrap_stream(body.into_data_stream()));
    }
    let answer = call.send().await.map_err(|error| Failure::broken(error.without_url()))?;
    Ok(http::Response::from(answer).map(Body::new))
}
