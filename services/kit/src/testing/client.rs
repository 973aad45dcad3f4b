//! Calls a service's router without a socket.

use axum::{Router, body::Body};
use bytes::Bytes;
use contracts::problem::Problem;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde::{Serialize, de::DeserializeOwned};
use tower::ServiceExt;

use super::SERVICE_TOKEN;

/// A caller of one service.
#[derive(Clone, Debug)]
pub struct Client {
    router: Router,
    authorization: Option<String>,
    headers: Vec<(&'static str, String)>,
}

/// What the service answered.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl Client {
    /// A guest.
    pub fn new(router: Router) -> Self {
        Self { router, authorization: None, headers: Vec::new() }
    }

    /// The same service, called by the owner of `token`.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { authorization: Some(format!("Bearer {token}")), ..self.clone() }
    }

    /// The same service, called by another service.
    #[must_use]
    pub fn service(&self) -> Self {
        Self { authorization: Some(format!("Service {SERVICE_TOKEN}")), ..self.clone() }
    }

    /// The same caller with this header, in place of one of that name.
    #[must_use]
    pub fn with_header(&self, name: &'static str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.retain(|(known, _)| *known != name);
        client.headers.push((name, value.to_owned()));
        client
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, Bytes::new()).await
    }

    /// `DELETE`.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, Bytes::new()).await
    }

    /// `POST` with JSON.
    pub async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        self.send(Method::POST, path, Some("application/json"), json(body)).await
    }

    /// `PUT` with JSON.
    pub async fn put(&self, path: &str, body: &impl Serialize) -> Answer {
        self.send(Method::PUT, path, Some("application/json"), json(body)).await
    }

    /// Anything.
    ///
    /// # Panics
    /// When the path is no URI.
    pub async fn send(&self, method: Method, path: &str, content_type: Option<&str>, body: Bytes) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("x-request-id", "test-request");
        if let Some(content_type) = content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        if let Some(authorization) = &self.authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let request = request.body(Body::from(body)).expect("a request");
        let response = self.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let (head, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        Answer { status: head.status, headers: head.headers, body }
    }
}

impl Answer {
    /// The body of an answer with the expected status.
    ///
    /// # Panics
    /// When the status or the body is another.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self, status: u16) -> T {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// The problem of an answer with the expected status.
    ///
    /// # Panics
    /// When it is none.
    #[track_caller]
    pub fn problem(&self, status: u16) -> Problem {
        let problem: Problem = self.json(status);
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(problem.status, status);
        assert_eq!(problem.request_id.as_deref(), Some("test-request"));
        problem
    }

    /// Field and code of the first field error of a 422.
    ///
    /// # Panics
    /// When it is no 422 or names no field.
    #[track_caller]
    pub fn field_error(&self) -> (String, String) {
        let problem = self.problem(422);
        let error = problem.errors.into_iter().next().expect("a 422 names a field");
        (error.field, error.code)
    }
}

fn json(body: &impl Serialize) -> Bytes {
    serde_json::to_vec(body).expect("a body is JSON").into()
}
