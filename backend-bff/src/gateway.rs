//! `/api/*` and `/media/*`: passes requests on to the service that answers them.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::Response,
    routing::any,
};
use contracts::problem::Problem;
use http::{HeaderMap, HeaderName, Uri, header};
use kit::{ApiError, ApiResult};

use crate::{backend::Backend, body, paths, sessions::Visitor, upstream::Upstream};

/// Largest body, and largest upload.
const BODY_LIMIT: usize = 1 << 20;
const UPLOAD_LIMIT: usize = 10 << 20;

/// What services get to see of a client's headers. All else (other identities, hop-by-hop headers, cookies) stays here.
const PASSED: [HeaderName; 8] = [
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::CONTENT_TYPE,
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
    header::RANGE,
    header::USER_AGENT,
    HeaderName::from_static("traceparent"),
];

/// What clients do not get to see of a service's headers.
const KEPT: [HeaderName; 6] =
    [header::CONNECTION, header::TRANSFER_ENCODING, header::UPGRADE, header::TE, header::SET_COOKIE, header::SERVER];

pub(crate) fn routes() -> Router<Arc<Backend>> {
    Router::new()
        .route("/api", any(pass))
        .route("/api/{*rest}", any(pass))
        .route("/media/{*rest}", any(pass))
        .route("/.well-known/jwks.json", any(pass))
}

async fn pass(State(backend): State<Arc<Backend>>, visitor: Visitor, request: Request) -> ApiResult<Response> {
    let (head, sent) = request.into_parts();
    let path = unversioned(head.uri.path());
    let decoded = paths::decode(&path).map_err(bad_path)?;
    let upstream = upstream(&backend, &decoded).ok_or_else(|| Problem::not_found("API"))?;
    let limit = if decoded == "/api/upload" { UPLOAD_LIMIT } else { BODY_LIMIT };
    let sent = body::read(sent, limit).await?;

    let mut passed = http::Request::new(Body::from(sent));
    *passed.uri_mut() = target(&path, head.uri.query())?;
    *passed.method_mut() = head.method.clone();
    *passed.headers_mut() = headers(&head.headers, &visitor);
    let mut answer = upstream.send(passed).await?;
    for name in KEPT {
        answer.headers_mut().remove(name);
    }
    if !head.method.is_safe() && answer.status().is_success() {
        forget(&backend, &decoded).await;
    }
    Ok(answer)
}

/// `/api/v1/…` is `/api/…`.
fn unversioned(path: &str) -> String {
    match path.strip_prefix("/api/v1") {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("/api{rest}"),
        _ => path.to_owned(),
    }
}

/// The routing table, by first segment.
fn upstream<'a>(backend: &'a Backend, path: &str) -> Option<&'a Upstream> {
    let services = &backend.upstreams;
    let mut segments = path.split('/').skip(1);
    match (segments.next()?, segments.next()?) {
        ("api", "auth" | "users" | "author") | (".well-known", _) => Some(&services.auth),
        ("api", "posts" | "categories" | "tags" | "drafts" | "search") => Some(&services.blog),
        ("api", "upload" | "images") | ("media", _) => Some(&services.storage),
        _ => None,
    }
}

fn target(path: &str, query: Option<&str>) -> ApiResult<Uri> {
    let target = match query {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    target.parse().map_err(ApiError::internal)
}

fn headers(given: &HeaderMap, visitor: &Visitor) -> HeaderMap {
    let mut headers = visitor.trail();
    for name in PASSED {
        if let Some(value) = given.get(&name) {
            headers.insert(name, value.clone());
        }
    }
    if let Some(authorization) = visitor.authorization() {
        headers.insert(header::AUTHORIZATION, authorization.clone());
    }
    headers
}

/// What is kept here of what just changed.
async fn forget(backend: &Backend, path: &str) {
    if paths::is_under(path, "/api/auth") {
        backend.authors.invalidate_all();
    } else {
        backend.terms.invalidate_all();
    }
}

fn bad_path(fault: paths::PathFault) -> Problem {
    Problem::new(400, "bad_path", "The path is not well-formed").with_detail(format!("{fault}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_one_is_the_api_itself() {
        assert_eq!(unversioned("/api/v1/posts"), "/api/posts");
        assert_eq!(unversioned("/api/v1"), "/api");
        assert_eq!(unversioned("/api/v10/posts"), "/api/v10/posts");
    }

    #[test]
    fn a_client_cannot_bring_another_identity() {
        let mut given = HeaderMap::new();
        for name in ["authorization", "cookie", "x-forwarded-for", "x-user-id", "connection", "x-request-id"] {
            given.insert(name, http::HeaderValue::from_static("mallory"));
        }
        given.insert("accept", http::HeaderValue::from_static("application/json"));
        let passed = headers(&given, &Visitor::default());
        assert_eq!(passed.keys().collect::<Vec<_>>(), ["accept"]);
    }
}
