//! How a request reaches a service: its router in this process, or HTTP.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{Router, body::Body, extract::Request, response::Response};
use http::{
    HeaderValue, Uri,
    uri::{Authority, PathAndQuery, Scheme},
};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use kit::{
    StartError,
    caller::SERVICE_TOKEN,
    server::{KEEP_IDLE, PerLane},
};
use tower::{Service, ServiceExt};
use url::Url;

use super::failure::Failure;

/// How long making a connection may take.
const CONNECT_DEADLINE: Duration = Duration::from_secs(1);
/// Connections kept open to each address, by each lane, while nobody uses them.
const IDLE_CONNECTIONS: usize = 64;

/// One address of a service, as a tower service.
#[derive(Clone, Debug)]
pub(crate) enum Transport {
    InProcess(Router),
    /// Without TLS, which is how services are usually reached: past everything that a general client looks after.
    Plain {
        client: Arc<PerLane<Plain>>,
        authority: Authority,
        /// Shows the service who asks.
        token: Option<HeaderValue>,
    },
    /// Whatever else a URL may ask for.
    Http {
        client: reqwest::Client,
        base: Url,
        /// Shows the service who asks.
        token: Option<HeaderValue>,
    },
}

type Plain = Client<HttpConnector, Body>;

/// The clients that the addresses of a service share, with their pools of connections.
pub(super) struct Clients {
    /// Each lane has connections of its own, so that none waits for another.
    plain: Arc<PerLane<Plain>>,
    http: reqwest::Client,
}

impl Clients {
    pub(super) fn new() -> Result<Self, StartError> {
        Ok(Self { plain: Arc::new(PerLane::new(plain)), http: http()? })
    }

    /// The way to `base`.
    pub(super) fn to(&self, base: &Url) -> Transport {
        let simple = base.scheme() == "http" && base.username().is_empty() && base.password().is_none();
        let port = base.port_or_known_default().unwrap_or(80);
        let authority = base.host_str().filter(|_| simple).and_then(|host| format!("{host}:{port}").parse().ok());
        match authority {
            Some(authority) => Transport::Plain { client: self.plain.clone(), authority, token: None },
            None => Transport::Http { client: self.http.clone(), base: base.clone(), token: None },
        }
    }
}

fn plain() -> Plain {
    let mut connector = HttpConnector::new();
    connector.set_connect_timeout(Some(CONNECT_DEADLINE));
    connector.set_nodelay(true);
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(KEEP_IDLE)
        .pool_max_idle_per_host(IDLE_CONNECTIONS)
        .build(connector)
}

fn http() -> Result<reqwest::Client, StartError> {
    reqwest::Client::builder()
        .connect_timeout(CONNECT_DEADLINE)
        .pool_max_idle_per_host(IDLE_CONNECTIONS)
        .pool_idle_timeout(KEEP_IDLE)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .map_err(|error| StartError::new("bff", "the HTTP client cannot be made").because(error))
}

impl Transport {
    /// The same, showing the service `shown`; a router in this process asks for nothing.
    pub(super) fn showing(mut self, shown: &HeaderValue) -> Self {
        if let Self::Plain { token, .. } | Self::Http { token, .. } = &mut self {
            *token = Some(shown.clone());
        }
        self
    }

    /// As operators see it: no credentials that a URL may hold.
    pub(super) fn label(&self) -> String {
        match self {
            Self::InProcess(_) => "in process".to_owned(),
            Self::Plain { authority, .. } => format!("http://{authority}"),
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

    fn call(&mut self, mut request: Request) -> Self::Future {
        if let Self::Plain { token: Some(token), .. } | Self::Http { token: Some(token), .. } = self {
            // Whatever a client sent under this name.
            request.headers_mut().insert(SERVICE_TOKEN, token.clone());
        }
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
            Self::Plain { client, authority, .. } => {
                let answer = address(request, authority.clone()).map(|request| client.here().request(request));
                Box::pin(async { answer?.await.map(|answer| answer.map(Body::new)).map_err(Failure::broken) })
            }
            Self::Http { client, base, .. } => Box::pin(over_http(client.clone(), base.clone(), request)),
        }
    }
}

/// The request, as a client that makes connections wants it.
fn address(mut request: Request, authority: Authority) -> Result<Request, Failure> {
    let mut uri = std::mem::take(request.uri_mut()).into_parts();
    (uri.scheme, uri.authority) = (Some(Scheme::HTTP), Some(authority));
    uri.path_and_query.get_or_insert(PathAndQuery::from_static("/"));
    *request.uri_mut() = Uri::from_parts(uri).map_err(Failure::broken)?;
    Ok(request)
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
