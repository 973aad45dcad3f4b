//! Calling other services: their routers in one process, HTTP between processes.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use axum::{Router, body::Body};
use bytes::Bytes;
use contracts::problem::Problem;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use tower::ServiceExt;
use tracing::Instrument;

use crate::{ApiError, Secret, context, server::KEEP_IDLE, trace};

/// How long a peer may take, unless the caller of this service waits less.
const PATIENCE: Duration = Duration::from_secs(5);
/// Largest answer that is read whole.
const ANSWER_LIMIT: usize = 32 << 20;

/// Why a peer's answer cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PeerError {
    /// Nobody of that name was started here or configured.
    #[error("no service `{0}` is known: start it in this process or configure its URL")]
    Unknown(String),
    /// It could not be reached.
    #[error("the service `{peer}` is away")]
    Away {
        /// Who.
        peer: String,
        /// Why.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It took too long.
    #[error("the service `{0}` took too long")]
    Late(String),
    /// It answered a problem.
    #[error("the service `{peer}` answered {} {}", problem.status, problem.code)]
    Problem {
        /// Who.
        peer: String,
        /// What.
        problem: Box<Problem>,
    },
    /// It answered something else than asked for.
    #[error("the answer of the service `{peer}` cannot be read")]
    Unreadable {
        /// Who.
        peer: String,
        /// Why.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl PeerError {
    /// Whether the peer said 404.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Problem { problem, .. } if problem.status == 404)
    }

    /// Whether it may work in a moment.
    pub fn is_away(&self) -> bool {
        match self {
            Self::Away { .. } | Self::Late(_) => true,
            Self::Problem { problem, .. } => matches!(problem.status, 429 | 502..=504),
            Self::Unknown(_) | Self::Unreadable { .. } => false,
        }
    }
}

impl From<PeerError> for ApiError {
    fn from(error: PeerError) -> Self {
        if error.is_away() { Self::unavailable(error) } else { Self::internal(error) }
    }
}

/// The other services. Cheap to clone; clones share what is registered.
#[derive(Clone, Debug)]
pub struct Peers(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    token: Secret,
    peers: RwLock<HashMap<String, Peer>>,
    client: reqwest::Client,
}

#[derive(Clone, Debug)]
enum Peer {
    InProcess(Router),
    Http(reqwest::Url),
}

impl Peers {
    /// Services of this process; each is added when it starts.
    pub fn in_process(token: Secret) -> Self {
        let client = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(2))
            .pool_idle_timeout(KEEP_IDLE)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap_or_default();
        Self(Arc::new(Inner { token, peers: RwLock::default(), client }))
    }

    /// Adds a service that answers without a socket. [`crate::Frame::finish`] calls it.
    pub fn register(&self, name: &str, router: Router) {
        self.add(name, Peer::InProcess(router));
    }

    /// Adds a service at a base URL, such as `http://10.0.0.7:3002`.
    ///
    /// # Errors
    /// When `base` is no URL.
    pub fn register_url(&self, name: &str, base: &str) -> Result<(), PeerError> {
        let url = base.parse().map_err(|error| unreadable(name, error))?;
        self.add(name, Peer::Http(url));
        Ok(())
    }

    /// Forgets all of them. Services of one process hold each other through this, their databases
    /// included, so a process that goes on without them, as tests do, lets go of them here.
    pub fn forget_all(&self) {
        self.0.peers.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn add(&self, name: &str, peer: Peer) {
        self.0.peers.write().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), peer);
    }

    /// Whether `peer` is known.
    pub fn knows(&self, peer: &str) -> bool {
        self.0.peers.read().unwrap_or_else(PoisonError::into_inner).contains_key(peer)
    }

    /// Reads something of a peer.
    ///
    /// # Errors
    /// When it is away, answers a problem or something unreadable.
    pub async fn get<T: DeserializeOwned>(&self, peer: &str, path: &str) -> Result<T, PeerError> {
        self.call(Method::GET, peer, path, None).await
    }

    /// Reads something that may not be there: `None` for a 404.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn find<T: DeserializeOwned>(&self, peer: &str, path: &str) -> Result<Option<T>, PeerError> {
        match self.get(peer, path).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Posts JSON. For an answer without a body take `T = ()`.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn post<T: DeserializeOwned>(
        &self,
        peer: &str,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, PeerError> {
        let body = serde_json::to_vec(body).map_err(|error| unreadable(peer, error))?;
        self.call(Method::POST, peer, path, Some(body)).await
    }

    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        peer: &str,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> Result<T, PeerError> {
        let patience = context::current().remaining().map_or(PATIENCE, |left| left.min(PATIENCE));
        if patience.is_zero() {
            return Err(PeerError::Late(peer.to_owned()));
        }
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().map_err(|error| unreadable(peer, error))?;
        if let Some(body) = body {
            request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *request.body_mut() = Body::from(body);
        }
        let answer = async {
            let (head, body) = self.send(peer, request).await?.into_parts();
            let body = axum::body::to_bytes(body, ANSWER_LIMIT).await.map_err(|error| away(peer, error))?;
            Ok((head.status, body))
        };
        let (status, body) =
            tokio::time::timeout(patience, answer).await.map_err(|_| PeerError::Late(peer.to_owned()))??;
        read(peer, status, &body)
    }

    /// Sends any request in the service's name and answers whatever comes, the body perhaps still under
    /// way: for streams. No deadline of its own.
    ///
    /// # Errors
    /// When the peer is unknown or cannot be reached.
    pub async fn send(&self, peer: &str, request: Request<Body>) -> Result<Response<Body>, PeerError> {
        let span = trace::call(peer, request.method());
        let answer = self.dispatch(peer, request).instrument(span.clone()).await?;
        trace::answered(&span, answer.status());
        Ok(answer)
    }

    async fn dispatch(&self, peer: &str, mut request: Request<Body>) -> Result<Response<Body>, PeerError> {
        let found = self.0.peers.read().unwrap_or_else(PoisonError::into_inner).get(peer).cloned();
        let found = found.ok_or_else(|| PeerError::Unknown(peer.to_owned()))?;
        let token = HeaderValue::from_str(&format!("Service {}", self.0.token.expose()));
        let mut token = token.map_err(|error| unreadable(peer, error))?;
        token.set_sensitive(true);
        request.headers_mut().insert(header::AUTHORIZATION, token);
        context::current().put(request.headers_mut());
        match found {
            Peer::InProcess(router) => match router.oneshot(request).await {
                Ok(response) => Ok(response),
                Err(never) => match never {},
            },
            Peer::Http(base) => {
                let (head, body) = request.into_parts();
                let mut url = base;
                url.set_path(head.uri.path());
                url.set_query(head.uri.query());
                let answer = self
                    .0
                    .client
                    .request(head.method, url)
                    .headers(head.headers)
                    .body(reqwest::Body::wrap_stream(body.into_data_stream()))
                    .send()
                    .await
                    .map_err(|error| away(peer, error))?;
                Ok(Response::from(answer).map(Body::new))
            }
        }
    }
}

fn read<T: DeserializeOwned>(peer: &str, status: StatusCode, body: &Bytes) -> Result<T, PeerError> {
    if !status.is_success() {
        let problem = serde_json::from_slice(body)
            .unwrap_or_else(|_| Problem::new(status.as_u16(), "unexpected", "An unexpected answer"));
        return Err(PeerError::Problem { peer: peer.to_owned(), problem: Box::new(problem) });
    }
    let body: &[u8] = if body.is_empty() { b"null" } else { body };
    serde_json::from_slice(body).map_err(|error| unreadable(peer, error))
}

fn away(peer: &str, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> PeerError {
    PeerError::Away { peer: peer.to_owned(), cause: cause.into() }
}

fn unreadable(peer: &str, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> PeerError {
    PeerError::Unreadable { peer: peer.to_owned(), cause: cause.into() }
}
