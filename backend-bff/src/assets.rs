//! `/_m/*`: files of modules, immutable and compressed beforehand; the table of what is live; and what browsers report.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use contracts::problem::Problem;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use kit::{ApiError, ApiResult, extract::Path};
use moka::future::Cache;
use serde::Deserialize;

use crate::{backend::Backend, body, sessions::Visitor};

const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

pub(crate) fn routes() -> Router<Arc<Backend>> {
    Router::new()
        .route("/_m/modules.json", get(table))
        .route("/_m/modules/{release}", get(table_of))
        .route("/_m/{*file}", get(file))
        .route("/favicon.svg", get(favicon))
        .route("/favicon.ico", get(async || axum::response::Redirect::permanent("/favicon.svg")))
}

async fn table(State(backend): State<Arc<Backend>>, headers: HeaderMap) -> Response {
    let live = backend.registry.live();
    let etag = format!("\"{}\"", live.release);
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == etag.as_bytes());
    let status = if known { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let body = if known { Body::empty() } else { Body::from(live.table.clone()) };
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::ETAG, etag),
    ];
    (status, headers, body).into_response()
}

/// The table as long as that release is live. What it says never changes.
async fn table_of(State(backend): State<Arc<Backend>>, Path(release): Path<String>) -> ApiResult<Response> {
    let live = backend.registry.live();
    if live.release != release {
        return Err(Problem::not_found("release").with_detail("Another one is live: see /_m/modules.json.").into());
    }
    let headers =
        [(header::CONTENT_TYPE, HeaderValue::from_static("application/json")), (header::CACHE_CONTROL, IMMUTABLE)];
    Ok((headers, live.table.clone()).into_response())
}

async fn file(
    State(backend): State<Arc<Backend>>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut parts = path.splitn(3, '/');
    let (name, version, file) = (parts.next(), parts.next(), parts.next().unwrap_or_default());
    let path = name.zip(version).and_then(|(name, version)| backend.registry.file(name, version, file));
    let path = path.ok_or_else(|| Problem::not_found("file"))?;
    let (encoding, suffix) = encoding(&headers);
    let packed = path.with_file_name(format!("{file}{suffix}"));
    let bytes = match tokio::fs::read(&packed).await {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Problem::not_found("file").into()),
        Err(error) => return Err(ApiError::internal(error)),
    };
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(file)));
    headers.insert(header::CACHE_CONTROL, IMMUTABLE);
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Ok(response)
}

/// The best encoding that lies on disk and that the client takes.
fn encoding(headers: &HeaderMap) -> (Option<&'static str>, &'static str) {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = |name: &str| {
        accepted.split(',').any(|range| {
            let (coding, weight) = range.split_once(';').unwrap_or((range, ""));
            coding.trim().eq_ignore_ascii_case(name) && weight.trim().replace(' ', "") != "q=0"
        })
    };
    if takes("br") {
        (Some("br"), ".br")
    } else if takes("gzip") {
        (Some("gzip"), ".gz")
    } else {
        (None, "")
    }
}

fn media_type(file: &str) -> &'static str {
    match file.rsplit('.').next().unwrap_or_default() {
        "wasm" => "application/wasm",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// `POST /_m/report`. Anybody may send one, so it stands behind the limits.
pub(crate) fn reports(backend: &Arc<Backend>) -> Router {
    let counted = Cache::builder().max_capacity(MOST_COUNTED).time_to_live(COUNTED_FOR).build();
    Router::new().route("/_m/report", post(report)).with_state(Reports { backend: backend.clone(), counted })
}

#[derive(Clone)]
struct Reports {
    backend: Arc<Backend>,
    /// Who reported which version of which module: each visitor counts once.
    counted: Cache<(String, String, String), ()>,
}

/// What a browser says about a module that failed there.
#[derive(Deserialize)]
struct Report {
    #[serde(default)]
    module: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    message: String,
}

const REPORT_LIMIT: usize = 16 << 10;
/// So many visitors are remembered at most; who was forgotten counts again.
const MOST_COUNTED: u64 = 10_000;
const COUNTED_FOR: Duration = Duration::from_secs(24 * 3600);

async fn report(State(reports): State<Reports>, visitor: Visitor, request: Request) -> ApiResult<StatusCode> {
    let bytes = body::read(request.into_body(), REPORT_LIMIT).await?;
    let report: Report =
        serde_json::from_slice(&bytes).map_err(|_| Problem::new(400, "malformed_json", "The body is not a report"))?;
    let short = |text: &str, most| text.chars().take(most).collect::<String>().escape_debug().to_string();
    let (module, version) = (short(&report.module, 32), short(&report.version, 64));
    tracing::warn!(module, version, message = short(&report.message, 1000), "a browser reports a failed module");
    let live = reports.backend.registry.live();
    // Anybody can make up a module; only those that are live become series.
    let known = live.versions.iter().any(|it| it.manifest.name == module && it.manifest.version == version);
    let (module, version) = if known { (module, version) } else { ("other".to_owned(), String::new()) };
    let counted = reports.counted.entry((visitor.client(), module.clone(), version.clone())).or_insert(()).await;
    if counted.is_fresh() {
        metrics::counter!("maru_module_browser_reports_total", "module" => module, "version" => version).increment(1);
    }
    Ok(StatusCode::NO_CONTENT)
}

const FAVICON: &str = include_str!("favicon.svg");

async fn favicon() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")], FAVICON)
}
