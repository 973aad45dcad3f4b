//! Answers that whoever asks again need not read twice.

use std::time::{Duration, UNIX_EPOCH};

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use sha2::{Digest, Sha256};

/// Readers ask every few minutes; proxies in between may answer for so long.
const CACHE: &str = "public, max-age=300";

/// State of what is asked for.
#[derive(Debug)]
pub(super) struct Version {
    tag: String,
    /// In milliseconds.
    changed: Option<i64>,
}

impl Version {
    /// A version that another state would not have.
    pub(super) fn new(state: &impl std::fmt::Debug, changed: Option<i64>) -> Self {
        let digest = Sha256::digest(format!("{state:?}"));
        let tag: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Self { tag: format!("\"{tag}\""), changed }
    }

    /// Whether the asker has it already.
    pub(super) fn is_known(&self, asked: &HeaderMap) -> bool {
        let text = |name| asked.get(name).and_then(|value| value.to_str().ok());
        if let Some(known) = text(header::IF_NONE_MATCH) {
            // A proxy that compresses makes tags weak.
            return known
                .split(',')
                .any(|tag| matches!(tag.trim(), "*") || tag.trim().trim_start_matches("W/") == self.tag);
        }
        let since = text(header::IF_MODIFIED_SINCE).and_then(|since| httpdate::parse_http_date(since).ok());
        since.zip(self.time()).is_some_and(|(since, changed)| changed <= since)
    }

    fn time(&self) -> Option<std::time::SystemTime> {
        let seconds = u64::try_from(self.changed?.div_euclid(1000)).ok()?;
        Some(UNIX_EPOCH + Duration::from_secs(seconds))
    }

    /// 304.
    pub(super) fn unchanged(&self) -> Response {
        (StatusCode::NOT_MODIFIED, self.headers()).into_response()
    }

    /// 200 with the body.
    pub(super) fn body(&self, media_type: &'static str, body: String) -> Response {
        ([(header::CONTENT_TYPE, media_type)], self.headers(), body).into_response()
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, http::HeaderValue::from_static(CACHE));
        if let Ok(tag) = self.tag.parse() {
            headers.insert(header::ETAG, tag);
        }
        if let Some(date) = self.time().and_then(|time| httpdate::fmt_http_date(time).parse().ok()) {
            headers.insert(header::LAST_MODIFIED, date);
        }
        headers
    }
}
