//! What stands around every answer, outermost first: request id, trace, panics, deadline, security
//! headers, compression, how many are answered at once.

use std::{any::Any, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use contracts::problem::Problem;
use http::{HeaderName, HeaderValue, Method, header};
use kit::{ApiError, error::problem_response, http::REQUEST_ID};
use metrics::Histogram;
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{And, DefaultPredicate, Predicate},
    },
};

use crate::{
    backend::{Backend, Site},
    document, gateway, limits, observe,
    registry::Registry,
};

/// Longer than any deadline behind it: this one only catches what has none.
const DEADLINE: Duration = Duration::from_secs(30);
/// For what may be long under way.
const UPLOAD_DEADLINE: Duration = Duration::from_secs(300);

/// The route of what is kept: which page it was, the short path does not find out.
const KEPT: &str = "kept";

const RELEASE: HeaderName = HeaderName::from_static("x-maru-release");

/// What stands around every answer, whichever way it goes.
pub(crate) struct Around {
    registry: Arc<Registry>,
    policy: HeaderValue,
    secure: bool,
    /// Of answers without and with a body.
    kept: [Histogram; 2],
}

/// When a request began.
pub(crate) struct Begun(std::time::Instant);

impl Begun {
    pub(crate) fn now() -> Self {
        Self(std::time::Instant::now())
    }
}

impl Around {
    pub(crate) fn new(site: &Site, registry: Arc<Registry>) -> Self {
        let kept = ["304", "200"].map(|status| {
            metrics::histogram!(
                "maru_http_request_duration_seconds",
                "service" => "bff", "method" => "GET", "route" => KEPT, "status" => status
            )
        });
        Self { registry, policy: document::policy(site.secure), secure: site.secure, kept }
    }

    /// An answer from the page cache, as the layers would have let it go.
    pub(crate) fn finish(&self, begun: Begun, method: &Method, mut response: Response) -> Response {
        self.dress(&mut response, false);
        let id = kit::id::new();
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        let (status, elapsed) = (response.status(), begun.0.elapsed());
        self.kept[usize::from(status.is_success())].record(elapsed.as_secs_f64());
        // The line has what those of all other answers have: see `observe`.
        tracing::info_span!("request", id, %method, route = KEPT).in_scope(|| {
            tracing::info!(target: "access", status = status.as_u16(), ?elapsed, "answered from the page cache");
        });
        response
    }

    /// Adds the security headers. `media` may stand on other sites' pages; documents and answers may not.
    pub(crate) fn dress(&self, response: &mut Response, media: bool) {
        let headers = response.headers_mut();
        // What says nothing is about this visitor, now.
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
        // A service's own stricter policy (for an SVG image) stays.
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| self.policy.clone());
        for (name, value) in FIXED {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let resource = if media { "cross-origin" } else { "same-origin" };
        headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static(resource));
        if self.secure {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
        }
        if let Ok(release) = HeaderValue::from_str(&self.registry.live().release) {
            headers.insert(RELEASE, release);
        }
    }
}

/// What no page here needs of a browser.
const PERMISSIONS: &str = "browsing-topics=(), camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), \
    payment=(), serial=(), usb=()";

const FIXED: [(HeaderName, &str); 5] = [
    // What `frame-ancestors` says, for those who do not know it.
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

pub(crate) fn around(router: Router, backend: &Arc<Backend>, around: Arc<Around>) -> Router {
    router
        .layer(from_fn_with_state(backend.clone(), limits::admit))
        .layer(from_fn_with_state(backend.clone(), with_patience))
        .layer(packing())
        .layer(from_fn_with_state(around, with_headers))
        .layer(from_fn(with_deadline))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(backend.registry.clone(), observe::with_id))
}

/// Packs answers on their way. Small ones gain nothing; module files come packed.
pub(crate) fn packing() -> CompressionLayer<And<DefaultPredicate, NotImages>> {
    CompressionLayer::new().quality(CompressionLevel::Precise(4)).compress_when(DefaultPredicate::new().and(NotImages))
}

/// The default leaves images alone but SVG; fonts and WebAssembly of a service are left alone too.
#[derive(Clone, Copy)]
pub(crate) struct NotImages;

impl Predicate for NotImages {
    fn should_compress<B>(&self, response: &http::Response<B>) -> bool
    where
        B: http_body::Body,
    {
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        kind.is_some_and(|kind| kind.starts_with("text/") || kind.contains("json") || kind.contains("xml"))
    }
}

async fn with_deadline(request: Request, next: Next) -> Response {
    let deadline = if gateway::is_upload(request.uri().path()) { UPLOAD_DEADLINE } else { DEADLINE };
    match tokio::time::timeout(deadline, next.run(request)).await {
        Ok(response) => response,
        Err(late) => ApiError::unavailable(late).into_response(),
    }
}

/// Reads bodies only as long as their client keeps sending.
async fn with_patience(State(backend): State<Arc<Backend>>, request: Request, next: Next) -> Response {
    let is_upload = gateway::is_upload(request.uri().path());
    next.run(request.map(|body| limits::bounded(&backend.rules.current().limits, is_upload, body))).await
}

async fn with_headers(State(around): State<Arc<Around>>, request: Request, next: Next) -> Response {
    let media = request.uri().path().starts_with("/media/");
    let mut response = next.run(request).await;
    around.dress(&mut response, media);
    response
}

pub(crate) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let cause = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("unknown");
    tracing::error!(cause, "a request panicked");
    problem_response(Problem::internal())
}
