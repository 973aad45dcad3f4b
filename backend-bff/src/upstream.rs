//! Calling the services: over HTTP, or in process without a socket; the same deadline around both.

use std::time::Duration;

use axum::{Router, body::Body, extract::Request, response::Response};
use bytes::Bytes;
use contracts::problem::Problem;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use kit::{ApiError, ApiResult, StartError};
use serde::{Serialize, de::DeserializeOwned};
use tower::ServiceExt;
use url::Url;

use crate::sessions::Visitor;

/// How long a service may take to answer.
const DEADLINE: Duration = Duration::from_secs(2);
/// Writing hashes passwords and renders Markdown, one after the other.
const WRITE_DEADLINE: Duration = Duration::from_secs(10);
/// Largest answer that is composed into a page.
const ANSWER_LIMIT: usize = 8 << 20;

/// A service behind the BFF.
#[derive(Clone, Debug)]
pub struct Upstream(Kind);

#[derive(Clone, Debug)]
enum Kind {
    InProcess(Router),
    Http { client: reqwest::Client, base: Url },
}

/// The services that the BFF composes.
#[derive(Clone, Debug)]
pub struct Upstreams {
    /// Accounts and tokens.
    pub auth: Upstream,
    /// Posts, categories, tags.
    pub blog: Upstream,
    /// Comments, likes, bookmarks.
    pub content: Upstream,
    /// Static pages and notices.
    pub page: Upstream,
    /// Views, numbers, bug reports.
    pub analytics: Upstream,
    /// Images, backups.
    pub storage: Upstream,
}

impl Upstreams {
    /// All of them, by name.
    pub(crate) fn all(&self) -> [(&'static str, &Upstream); 6] {
        [
            ("auth", &self.auth),
            ("blog", &self.blog),
            ("content", &self.content),
            ("page", &self.page),
            ("analytics", &self.analytics),
            ("storage", &self.storage),
        ]
    }

    /// The service of that name.
    pub(crate) fn named(&self, name: &str) -> Option<&Upstream> {
        self.all().into_iter().find(|(other, _)| *other == name).map(|(_, upstream)| upstream)
    }
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
}

impl Upstream {
    /// The service's own router.
    pub fn in_process(router: Router) -> Self {
        Self(Kind::InProcess(router))
    }

    /// The service at `base`.
    ///
    /// # Errors
    /// When no HTTP client can be made (no TLS roots on this machine).
    pub fn http(base: Url) -> Result<Self, StartError> {
        let client = reqwest::Client::builder()
            .connect_timeout(DEADLINE)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| StartError::new("bff", "the HTTP client cannot be made").because(error))?;
        Ok(Self(Kind::Http { client, base }))
    }

    /// Passes a request on. The answer's body may still be under way.
    pub(crate) async fn send(&self, request: Request) -> ApiResult<Response> {
        let deadline = if request.method().is_safe() { DEADLINE } else { WRITE_DEADLINE };
        self.send_within(deadline, request).await
    }

    /// The same, when it may take another time than usual until the answer begins.
    pub(crate) async fn send_within(&self, deadline: Duration, request: Request) -> ApiResult<Response> {
        match tokio::time::timeout(deadline, self.dispatch(request)).await {
            Ok(answer) => answer,
            Err(late) => Err(ApiError::unavailable(late)),
        }
    }

    async fn dispatch(&self, request: Request) -> ApiResult<Response> {
        match &self.0 {
            Kind::InProcess(router) => match router.clone().oneshot(request).await {
                Ok(response) => Ok(response),
                Err(never) => match never {},
            },
            Kind::Http { client, base } => {
                let (head, body) = request.into_parts();
                let mut url = base.clone();
                url.set_path(head.uri.path());
                url.set_query(head.uri.query());
                let answer = client
                    .request(head.method, url)
                    .headers(head.headers)
                    .body(reqwest::Body::wrap_stream(body.into_data_stream()))
                    .send()
                    .await
                    .map_err(ApiError::unavailable)?;
                Ok(http::Response::from(answer).map(Body::new))
            }
        }
    }

    /// Calls the service and waits for its whole answer, whatever its status.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        authorization: Option<&HeaderValue>,
        body: Option<Vec<u8>>,
        extra: HeaderMap,
    ) -> ApiResult<Answer> {
        let deadline = if method.is_safe() { DEADLINE } else { WRITE_DEADLINE };
        self.call_within(deadline, method, path, authorization, body, extra).await
    }

    /// The same, when it may take another time than usual.
    pub(crate) async fn call_within(
        &self,
        deadline: Duration,
        method: Method,
        path: &str,
        authorization: Option<&HeaderValue>,
        body: Option<Vec<u8>>,
        extra: HeaderMap,
    ) -> ApiResult<Answer> {
        let mut request = http::Request::new(Body::empty());
        *request.uri_mut() = path.parse().map_err(ApiError::internal)?;
        *request.method_mut() = method;
        *request.headers_mut() = extra;
        if let Some(authorization) = authorization {
            request.headers_mut().insert(header::AUTHORIZATION, authorization.clone());
        }
        if let Some(body) = body {
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().entry(header::CONTENT_TYPE).or_insert(json);
            *request.body_mut() = Body::from(body);
        }
        let response = self.send_within(deadline, request).await?;
        let status = response.status();
        let body = tokio::time::timeout(deadline, axum::body::to_bytes(response.into_body(), ANSWER_LIMIT))
            .await
            .map_err(ApiError::unavailable)?
            .map_err(ApiError::unavailable)?;
        Ok(Answer { status, body })
    }

    /// Changes something as the visitor.
    pub(crate) async fn change(
        &self,
        method: Method,
        path: &str,
        input: &impl Serialize,
        visitor: &Visitor,
    ) -> ApiResult<Answer> {
        let body = serde_json::to_vec(input).map_err(ApiError::internal)?;
        let answer = self.call(method, path, visitor.authorization(), Some(body), visitor.trail()).await?;
        answer.good()?;
        Ok(answer)
    }

    /// Changes something as the visitor, with nothing to say about it.
    pub(crate) async fn act(&self, method: Method, path: &str, visitor: &Visitor) -> ApiResult<Answer> {
        let answer = self.call(method, path, visitor.authorization(), None, visitor.trail()).await?;
        answer.good()?;
        Ok(answer)
    }

    /// Reads one thing as the visitor.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str, visitor: &Visitor) -> ApiResult<T> {
        self.call(Method::GET, path, visitor.authorization(), None, visitor.trail()).await?.json()
    }

    /// Reads one thing of `/internal/*`, for the visitor's request but not in their name.
    pub(crate) async fn get_internal<T: DeserializeOwned>(
        &self,
        path: &str,
        authorization: &HeaderValue,
        visitor: &Visitor,
    ) -> ApiResult<T> {
        self.call(Method::GET, path, Some(authorization), None, visitor.trail()).await?.json()
    }
}

impl Answer {
    /// The body of a good answer; else the problem.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> ApiResult<T> {
        self.good()?;
        serde_json::from_slice(&self.body).map_err(|error| {
            tracing::error!(%error, "a service answered something unreadable");
            bad_gateway().into()
        })
    }

    /// The problem of an answer that is not good.
    pub(crate) fn good(&self) -> Result<(), Problem> {
        if self.status.is_success() {
            return Ok(());
        }
        match serde_json::from_slice::<Problem>(&self.body) {
            _ if self.status == StatusCode::SERVICE_UNAVAILABLE => Err(Problem::unavailable()),
            _ if self.status.is_server_error() => Err(bad_gateway()),
            Ok(problem) if problem.status == self.status.as_u16() => Err(problem),
            _ => {
                tracing::error!(status = %self.status, "a service answered without a problem document");
                Err(bad_gateway())
            }
        }
    }
}

fn bad_gateway() -> Problem {
    Problem::new(502, "bad_gateway", "Something behind this page failed").with_detail("Try again in a moment.")
}
