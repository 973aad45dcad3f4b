//! `/api/*`, `/media/*`, feeds and the sitemap: passes requests on to the service that answers them.

use std::{
    borrow::Cow,
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use contracts::{content::WRITER_TOKEN, problem::Problem};
use futures_util::StreamExt;
use http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use kit::{ApiError, ApiResult};

use crate::{
    backend::Backend,
    body,
    cache::{Keeping, Kept, etag, shared_file, tag},
    guest::Guest,
    paths,
    sessions::Visitor,
    upstream::Upstream,
};

/// Largest body.
const BODY_LIMIT: usize = 1 << 20;
/// Largest upload: an image of 10 MB and what stands around it in a form.
pub(crate) const UPLOAD_LIMIT: usize = (10 << 20) + (64 << 10);
/// Largest archive of a backup that is brought back.
const ARCHIVE_LIMIT: usize = 2 << 30;
/// How long an upload may be under way.
const UPLOAD_DEADLINE: Duration = Duration::from_secs(240);

/// What services get to see of a client's headers. All else (other identities, hop-by-hop headers, cookies) stays here.
const PASSED: [HeaderName; 11] = [
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::CONTENT_TYPE,
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
    header::RANGE,
    header::USER_AGENT,
    HeaderName::from_static("last-event-id"),
    HeaderName::from_static("x-oidc-binding"),
    HeaderName::from_static("traceparent"),
    HeaderName::from_static(WRITER_TOKEN),
];

/// What clients do not get to see of a service's headers.
const KEPT: [HeaderName; 10] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::PROXY_AUTHENTICATE,
    header::TRANSFER_ENCODING,
    header::TRAILER,
    header::UPGRADE,
    header::TE,
    header::SET_COOKIE,
    header::SERVER,
];

const FEEDS: [&str; 3] = ["feed.xml", "atom.xml", "feed.json"];
/// How long a feed or a site map is kept, and how long it may be shown while a new one is made.
const FILE_FRESH_MS: i64 = 60 * 1000;
const FILE_STALE_MS: i64 = 600 * 1000;
/// What of a service's headers stays with what is kept.
const FILE_HEADERS: [HeaderName; 3] = [header::CONTENT_TYPE, header::CACHE_CONTROL, header::LAST_MODIFIED];
/// Largest feed or site map.
const FILE_LIMIT: usize = 8 << 20;

pub(crate) fn routes() -> Router<Arc<Backend>> {
    let mut routes = Router::new()
        .route("/api", any(pass))
        .route("/api/{*rest}", any(pass))
        .route("/media/{*rest}", any(pass))
        .route("/.well-known/jwks.json", any(pass))
        .route("/.well-known/openid-configuration", any(pass))
        .route("/sitemap.xml", get(file))
        .route("/sitemaps/{file}", get(file))
        .route("/robots.txt", get(file));
    for feed in FEEDS {
        routes = routes.route(&format!("/{feed}"), get(file));
        for list in ["categories", "tags", "authors"] {
            routes = routes.route(&format!("/{list}/{{of}}/{feed}"), get(file));
        }
    }
    routes
}

/// Whether a request may take as long as its body needs to arrive.
pub(crate) fn is_upload(path: &str) -> bool {
    streamed(&unversioned(path)).is_some()
        || ["/forms/images", "/forms/settings/avatar", "/forms/bug-reports"].contains(&path)
}

/// How large a body may be that is passed on as it arrives; all others are read first.
fn streamed(path: &str) -> Option<usize> {
    match path {
        "/api/upload" => Some(UPLOAD_LIMIT),
        "/api/backups" => Some(ARCHIVE_LIMIT),
        _ => None,
    }
}

pub(crate) async fn pass(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    request: Request,
) -> ApiResult<Response> {
    let (head, sent) = request.into_parts();
    let path = unversioned(head.uri.path());
    let decoded = paths::decode(&path).map_err(bad_path)?;
    let upstream = service(&decoded).and_then(|name| backend.upstreams.named(name));
    let upstream = upstream.ok_or_else(|| Problem::not_found("API"))?;

    let mut passed = http::Request::new(Body::empty());
    *passed.uri_mut() = match &path {
        Cow::Borrowed(_) => whole(head.uri.clone()),
        Cow::Owned(path) => target(path, head.uri.query())?,
    };
    *passed.method_mut() = head.method.clone();
    *passed.headers_mut() = headers(&head.headers, &visitor);
    let mut answer = match streamed(&decoded) {
        Some(limit) if !head.method.is_safe() => upload(upstream, passed, sent, &head.headers, limit).await?,
        _ => {
            // What only reads has its turn among those who wait for no body, and services get none with it.
            if !head.method.is_safe() {
                *passed.body_mut() = Body::from(body::read(sent, BODY_LIMIT).await?);
            }
            upstream.send(passed).await?
        }
    };
    keep(answer.headers_mut());
    if !head.method.is_safe() && answer.status().is_success() {
        forget(&backend, &decoded).await;
    }
    Ok(if is_stream(&answer) { until_the_end(answer, &backend) } else { answer })
}

/// Whether that path is one of the files that are the same for everybody: feeds, site map, robots.
pub(crate) fn is_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    FEEDS.contains(&name) || path == "/sitemap.xml" || path == "/robots.txt" || path.starts_with("/sitemaps/")
}

/// A file that is the same for everybody, whatever they add to its path.
async fn file(State(backend): State<Arc<Backend>>, request: Request) -> Response {
    let path = request.uri().path();
    let release = backend.registry.live().release.clone();
    let make = || fetch_file(backend.clone(), path.to_owned(), release.clone());
    let kept = backend.cache.answer(&shared_file(path), &release, make).await;
    kept.respond(request.method(), request.headers()).await
}

async fn fetch_file(backend: Arc<Backend>, path: String, release: String) -> Kept {
    let made_at = backend.clock.millis();
    let answer = async {
        let decoded = paths::decode(&path).map_err(bad_path)?;
        let upstream = service(&decoded).and_then(|name| backend.upstreams.named(name));
        let upstream = upstream.ok_or_else(|| Problem::not_found("file"))?;
        let mut request = http::Request::new(Body::empty());
        *request.uri_mut() = target(&path, None)?;
        upstream.send(request).await
    };
    let answer = answer.await.unwrap_or_else(IntoResponse::into_response);
    let (head, body) = answer.into_parts();
    let Ok(body) = axum::body::to_bytes(body, FILE_LIMIT).await else {
        return Kept::broken();
    };
    let mut headers = HeaderMap::new();
    for name in FILE_HEADERS.into_iter().chain([header::LOCATION]) {
        if let Some(value) = head.headers.get(&name) {
            headers.insert(name, value.clone());
        }
    }
    let keeping = (head.status == http::StatusCode::OK).then(|| {
        headers.insert(header::ETAG, etag(&body));
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        Keeping {
            tags: [tag::POSTS, tag::PAGES, tag::FEEDS].map(str::to_owned).into(),
            release,
            made_at,
            fresh_ms: FILE_FRESH_MS,
            stale_ms: FILE_STALE_MS,
        }
    });
    Kept::new(head.status, headers, body, keeping)
}

/// Passes a body on as it arrives.
async fn upload(
    upstream: &Upstream,
    mut passed: http::Request<Body>,
    sent: Body,
    headers: &HeaderMap,
    limit: usize,
) -> ApiResult<Response> {
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|declared| declared > limit) {
        body::drain(sent).await?;
        return Err(body::too_large(limit).into());
    }
    let fault = Arc::new(OnceLock::new());
    let (seen, mut left) = (fault.clone(), limit);
    let limited = sent.into_data_stream().map(move |piece| {
        let piece = piece.inspect_err(|error| {
            seen.get_or_init(|| body::unreadable(error));
        })?;
        left = left.checked_sub(piece.len()).ok_or_else(|| {
            seen.get_or_init(|| body::too_large(limit));
            axum::Error::new(std::io::Error::other("the body is too large"))
        })?;
        Ok::<_, axum::Error>(piece)
    });
    *passed.body_mut() = Body::from_stream(limited);
    let answer = upstream.send_within(UPLOAD_DEADLINE, passed).await;
    match fault.get() {
        Some(problem) => Err(problem.clone().into()),
        None => answer,
    }
}

/// Takes away what is between the service and us.
fn keep(headers: &mut HeaderMap) {
    if headers.contains_key(header::CONNECTION) {
        let named = headers.get_all(header::CONNECTION).iter().filter_map(|value| value.to_str().ok());
        let named: Vec<HeaderName> =
            named.flat_map(|value| value.split(',')).filter_map(|name| name.trim().parse().ok()).collect();
        for name in named {
            headers.remove(name);
        }
    }
    for name in KEPT {
        headers.remove(name);
    }
}

fn is_stream(answer: &Response) -> bool {
    let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/event-stream"))
}

/// An answer that has no end of its own ends with the process, so that it does not hold it up.
fn until_the_end(answer: Response, backend: &Backend) -> Response {
    let (mut head, body) = answer.into_parts();
    head.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    // Proxies that collect an answer before they pass it on would keep it for ever.
    head.headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    let end = backend.shutdown.clone().cancelled_owned();
    Response::from_parts(head, Body::from_stream(body.into_data_stream().take_until(end)))
}

/// `/api/v1/…` is `/api/…`.
pub(crate) fn unversioned(path: &str) -> Cow<'_, str> {
    match path.strip_prefix("/api/v1") {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => Cow::Owned(format!("/api{rest}")),
        _ => Cow::Borrowed(path),
    }
}

/// The routing table, by first segments: which service answers a path.
pub(crate) fn service(path: &str) -> Option<&'static str> {
    let mut segments = path.split('/').skip(1);
    let first = segments.next()?;
    if first != "api" {
        return Some(match first {
            ".well-known" => "auth",
            "media" => "storage",
            // Feeds, sitemap, robots.
            _ => "blog",
        });
    }
    match segments.next()? {
        "auth" | "users" | "author" => Some("auth"),
        "posts" | "categories" | "tags" | "drafts" | "search" => Some("blog"),
        "comments" | "likes" | "bookmarks" => Some("content"),
        "pages" => Some("page"),
        "views" | "stats" | "analytics" | "visitors" | "bug-reports" => Some("analytics"),
        "upload" | "images" | "backups" => Some("storage"),
        _ => None,
    }
}

/// What a service is asked for, without who was asked.
fn whole(uri: Uri) -> Uri {
    uri.into_parts().path_and_query.map(Uri::from).unwrap_or_default()
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
    // What a browser keeps in a cookie goes before what a client says.
    if let Some((name, token)) = visitor.guest().and_then(Guest::header) {
        headers.insert(name, token);
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
    fn what_is_between_a_service_and_us_stays_there() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("connection", "close, X-Hop"),
            ("x-hop", "1"),
            ("keep-alive", "timeout=5"),
            ("transfer-encoding", "chunked"),
            ("set-cookie", "a=b"),
            ("etag", "\"1\""),
        ] {
            headers.append(name, http::HeaderValue::from_static(value));
        }
        keep(&mut headers);
        assert_eq!(headers.keys().collect::<Vec<_>>(), ["etag"]);
    }

    #[test]
    fn large_bodies_have_their_own_limits() {
        assert!(is_upload("/api/v1/upload") && is_upload("/api/backups") && is_upload("/forms/images"));
        assert!(!is_upload("/api/posts") && !is_upload("/api/backups/x/restore"));
        assert_eq!(streamed("/api/posts"), None);
    }

    #[test]
    fn a_client_cannot_bring_another_identity() {
        let mut given = HeaderMap::new();
        for name in [
            "authorization",
            "cookie",
            "x-forwarded-for",
            "x-client-address",
            "x-client-country",
            "x-user-id",
            "connection",
            "x-request-id",
        ] {
            given.insert(name, http::HeaderValue::from_static("mallory"));
        }
        given.insert("accept", http::HeaderValue::from_static("application/json"));
        let passed = headers(&given, &Visitor::default());
        assert_eq!(passed.keys().collect::<Vec<_>>(), ["accept"]);
    }
}
