//! The services of one process, and how the program itself calls them.

use axum::{Router, body::Body};
use contracts::problem::Problem;
use http::{Method, Request, header};
use http_body_util::BodyExt;
use serde::{Serialize, de::DeserializeOwned};
use tower::ServiceExt;

/// Largest answer the program reads from a service.
const LARGEST_ANSWER: usize = 16 << 20;

/// The routers of the started services, and the token for their internal routes.
#[derive(Clone, Debug)]
pub struct Services {
    /// Accounts.
    pub auth: Router,
    /// Posts.
    pub blog: Router,
    /// Comments, likes, bookmarks.
    pub content: Router,
    /// Static pages and notices.
    pub page: Router,
    /// Views, numbers, bug reports.
    pub analytics: Router,
    /// Images, backups.
    pub storage: Router,
    /// For `/internal/*`.
    pub token: kit::Secret,
}

/// Why a call did not give an answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The service says no.
    #[error("{}", in_words(.0))]
    Problem(Box<Problem>),
    /// The answer is not what was agreed on.
    #[error("the {service} service gave an answer that makes no sense")]
    Nonsense {
        /// Which.
        service: &'static str,
        /// What was wrong with it.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl CallError {
    /// Whether the answer was 404.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Problem(problem) if problem.status == 404)
    }
}

/// A problem as a sentence for a person at a terminal.
pub fn in_words(problem: &Problem) -> String {
    let mut words = problem.detail.clone().unwrap_or_else(|| problem.title.clone());
    if words.is_empty() {
        words = format!("the answer was {}", problem.status);
    }
    for error in &problem.errors {
        words.push_str(&format!("\n  {}: {}", error.field, error.message));
    }
    words
}

/// A service and its name.
#[derive(Clone, Copy, Debug)]
pub struct Callee<'a> {
    name: &'static str,
    router: &'a Router,
    token: &'a kit::Secret,
}

impl Services {
    /// The auth service.
    pub fn auth(&self) -> Callee<'_> {
        Callee { name: "auth", router: &self.auth, token: &self.token }
    }

    /// The blog service.
    pub fn blog(&self) -> Callee<'_> {
        Callee { name: "blog", router: &self.blog, token: &self.token }
    }

    /// The content service.
    pub fn content(&self) -> Callee<'_> {
        Callee { name: "content", router: &self.content, token: &self.token }
    }

    /// The page service.
    pub fn page(&self) -> Callee<'_> {
        Callee { name: "page", router: &self.page, token: &self.token }
    }

    /// The analytics service.
    pub fn analytics(&self) -> Callee<'_> {
        Callee { name: "analytics", router: &self.analytics, token: &self.token }
    }

    /// The storage service.
    pub fn storage(&self) -> Callee<'_> {
        Callee { name: "storage", router: &self.storage, token: &self.token }
    }
}

impl Callee<'_> {
    /// `GET path`.
    pub async fn get<T: DeserializeOwned>(self, path: &str) -> Result<T, CallError> {
        self.send(Method::GET, path, "application/json", Body::empty()).await
    }

    /// The bytes at `path`.
    pub async fn get_bytes(self, path: &str) -> Result<bytes::Bytes, CallError> {
        self.bytes(Method::GET, path, "application/octet-stream", Body::empty()).await
    }

    /// `PUT path` with a JSON body.
    pub async fn put<T: DeserializeOwned>(self, path: &str, body: &impl Serialize) -> Result<T, CallError> {
        self.send_json(Method::PUT, path, body).await
    }

    /// `POST path` with a JSON body.
    pub async fn post<T: DeserializeOwned>(self, path: &str, body: &impl Serialize) -> Result<T, CallError> {
        self.send_json(Method::POST, path, body).await
    }

    /// `PUT path` with the bytes of a file.
    pub async fn put_bytes<T: DeserializeOwned>(self, path: &str, bytes: Vec<u8>) -> Result<T, CallError> {
        self.send(Method::PUT, path, "application/octet-stream", Body::from(bytes)).await
    }

    /// `POST path` with bytes.
    pub async fn post_bytes<T: DeserializeOwned>(self, path: &str, bytes: Vec<u8>) -> Result<T, CallError> {
        self.send(Method::POST, path, "application/octet-stream", Body::from(bytes)).await
    }

    async fn send_json<T: DeserializeOwned>(
        self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, CallError> {
        let body = serde_json::to_vec(body).map_err(|cause| self.nonsense(cause))?;
        self.send(method, path, "application/json", Body::from(body)).await
    }

    async fn send<T: DeserializeOwned>(
        self,
        method: Method,
        path: &str,
        kind: &str,
        body: Body,
    ) -> Result<T, CallError> {
        let body = self.bytes(method, path, kind, body).await?;
        let body: &[u8] = if body.is_empty() { b"null" } else { &body };
        serde_json::from_slice(body).map_err(|cause| self.nonsense(cause))
    }

    async fn bytes(self, method: Method, path: &str, kind: &str, body: Body) -> Result<bytes::Bytes, CallError> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, kind)
            .header(header::AUTHORIZATION, format!("Service {}", self.token.expose()))
            .body(body)
            .map_err(|cause| self.nonsense(cause))?;
        let answer = match self.router.clone().oneshot(request).await {
            Ok(answer) => answer,
            Err(never) => match never {},
        };
        let status = answer.status();
        let body = http_body_util::Limited::new(answer.into_body(), LARGEST_ANSWER).collect().await;
        let body = body.map_err(|cause| CallError::Nonsense { service: self.name, cause })?.to_bytes();
        if status.is_success() {
            return Ok(body);
        }
        let problem = serde_json::from_slice(&body).unwrap_or_else(|_| {
            Problem::new(status.as_u16(), "unknown", &format!("the {} service answered {status}", self.name))
        });
        Err(CallError::Problem(Box::new(problem)))
    }

    fn nonsense(self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> CallError {
        CallError::Nonsense { service: self.name, cause: cause.into() }
    }
}
