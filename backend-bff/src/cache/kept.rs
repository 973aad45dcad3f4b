//! An answer that may be given to many.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering},
    },
};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use contracts::problem::Problem;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use tokio::sync::OnceCell;

use super::encoding::Encoding;

/// What is smaller than this is not packed.
const WORTH_PACKING: usize = 512;
/// So many times the plain bytes all packed forms together may take.
const PACKED_SHARE: usize = 2;
/// What an entry takes beside its bytes: header values, places in maps.
const OVERHEAD: usize = 1024;

/// How an answer may be kept.
#[derive(Clone, Debug)]
pub(crate) struct Keeping {
    /// Names by which events purge it.
    pub(crate) tags: Vec<String>,
    /// What was live when it was made.
    pub(crate) release: String,
    /// When it was asked for, in milliseconds since the epoch.
    pub(crate) made_at: i64,
    /// How long it is fresh, and for how long after that it may be shown while a new one is made. In milliseconds.
    pub(crate) fresh_ms: i64,
    pub(crate) stale_ms: i64,
}

/// An answer that is not about who asks.
#[derive(Debug)]
pub(crate) struct Kept {
    id: u64,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    packed: [OnceCell<Option<Bytes>>; Encoding::ALL.len()],
    packed_bytes: AtomicUsize,
    keeping: Option<Keeping>,
    failed: bool,
    retry_at: AtomicI64,
}

static LAST: AtomicU64 = AtomicU64::new(0);

impl Kept {
    /// An answer, and how it may be kept, if it may.
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, body: Bytes, keeping: Option<Keeping>) -> Self {
        Self {
            id: LAST.fetch_add(1, Ordering::Relaxed),
            failed: status.is_server_error(),
            status,
            headers,
            body,
            packed: Default::default(),
            packed_bytes: AtomicUsize::new(0),
            keeping,
            retry_at: AtomicI64::new(i64::MIN),
        }
    }

    /// The same, known to be less than it should be.
    pub(crate) fn failed(self) -> Self {
        Self { failed: true, ..self }
    }

    /// The answer when there is none.
    pub(crate) fn broken() -> Self {
        let problem = serde_json::to_vec(&Problem::internal()).unwrap_or_default();
        let json = HeaderValue::from_static("application/problem+json");
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, json)]);
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, headers, problem.into(), None)
    }

    pub(super) fn id(&self) -> u64 {
        self.id
    }

    #[cfg(test)]
    pub(super) fn keeping(&self) -> Option<&Keeping> {
        self.keeping.as_ref()
    }

    pub(super) fn tags(&self) -> &[String] {
        self.keeping.as_ref().map(|keeping| keeping.tags.as_slice()).unwrap_or_default()
    }

    pub(super) fn is_of(&self, release: &str) -> bool {
        self.keeping.as_ref().is_some_and(|keeping| keeping.release == release)
    }

    pub(super) fn is_failed(&self) -> bool {
        self.failed
    }

    pub(super) fn may_be_kept(&self) -> bool {
        self.keeping.is_some()
    }

    pub(super) fn fresh_until(&self) -> i64 {
        self.keeping.as_ref().map_or(i64::MIN, |keeping| keeping.made_at + keeping.fresh_ms)
    }

    pub(super) fn stale_until(&self) -> i64 {
        self.keeping.as_ref().map_or(i64::MIN, |keeping| keeping.made_at + keeping.fresh_ms + keeping.stale_ms)
    }

    /// Until then nobody tries to make a new one.
    pub(super) fn retry_at(&self) -> i64 {
        self.retry_at.load(Ordering::Relaxed)
    }

    pub(super) fn retry_after(&self, at: i64) {
        self.retry_at.store(at, Ordering::Relaxed);
    }

    /// Bytes that it is counted with, packed forms, which come later, included.
    pub(super) fn weight(&self, key: &str) -> u32 {
        let tags: usize = self.tags().iter().map(|tag| tag.len() + key.len() + 64).sum();
        u32::try_from((1 + PACKED_SHARE) * self.body.len() + tags + key.len() + OVERHEAD).unwrap_or(u32::MAX)
    }

    /// As an answer to that request, if it can be had without packing anything.
    pub(super) fn at_once(&self, method: &Method, asked: &HeaderMap) -> Option<Response> {
        if self.is_known(asked) {
            return Some(self.not_modified());
        }
        match Encoding::best(asked).filter(|_| self.body.len() >= WORTH_PACKING) {
            None => Some(self.full(method, None)),
            Some(encoding) => self.packed[encoding as usize].get().map(|packed| {
                let packed = packed.as_ref().map(|packed| (encoding, packed));
                self.full(method, packed)
            }),
        }
    }

    /// As an answer to that request; packs it when that was not done yet.
    pub(crate) async fn respond(self: Arc<Self>, method: &Method, asked: &HeaderMap) -> Response {
        if let Some(response) = self.at_once(method, asked) {
            return response;
        }
        let Some(encoding) = Encoding::best(asked) else { return self.full(method, None) };
        if self.may_be_kept() {
            let packed = self.packed[encoding as usize].get_or_init(|| self.clone().pack(encoding)).await;
            return self.full(method, packed.as_ref().map(|packed| (encoding, packed)));
        }
        // Whoever is further out packs what is given once.
        self.full(method, None)
    }

    /// None when it would take more than there is room for.
    async fn pack(self: Arc<Self>, encoding: Encoding) -> Option<Bytes> {
        let body = self.body.clone();
        let packed = tokio::task::spawn_blocking(move || encoding.pack(&body)).await.ok().flatten()?;
        let before = self.packed_bytes.fetch_add(packed.len(), Ordering::Relaxed);
        (before + packed.len() <= PACKED_SHARE * self.body.len()).then_some(packed)
    }

    fn full(&self, method: &Method, packed: Option<(Encoding, &Bytes)>) -> Response {
        let body = packed.map_or(&self.body, |(_, packed)| packed);
        let mut response = Response::new(if method == Method::HEAD { Body::empty() } else { Body::from(body.clone()) });
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers.clone();
        let headers = response.headers_mut();
        if !body.is_empty() {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        }
        if let Some((encoding, _)) = packed {
            headers.insert(header::CONTENT_ENCODING, encoding.header());
        }
        response
    }

    fn not_modified(&self) -> Response {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        let kept = [header::CACHE_CONTROL, header::CONTENT_LANGUAGE, header::ETAG, header::LAST_MODIFIED, header::VARY];
        for name in kept {
            if let Some(value) = self.headers.get(&name) {
                response.headers_mut().insert(name, value.clone());
            }
        }
        response
    }

    /// Whether who asks has it already.
    fn is_known(&self, asked: &HeaderMap) -> bool {
        if self.status != StatusCode::OK {
            return false;
        }
        if let Some(given) = asked.get(header::IF_NONE_MATCH) {
            let own = self.headers.get(header::ETAG).and_then(|etag| etag.to_str().ok());
            return own.is_some_and(|own| names(given, own));
        }
        let since = asked.get(header::IF_MODIFIED_SINCE);
        since.is_some() && since == self.headers.get(header::LAST_MODIFIED)
    }
}

/// Whether an `If-None-Match` names that etag.
fn names(given: &HeaderValue, etag: &str) -> bool {
    let plain = |etag: &str| etag.trim().trim_start_matches("W/").to_owned();
    given.to_str().is_ok_and(|given| given.split(',').any(|one| one.trim() == "*" || plain(one) == plain(etag)))
}

/// Weak: the same page may come packed or not.
pub(crate) fn etag(body: &[u8]) -> HeaderValue {
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    HeaderValue::from_str(&format!("W/\"{:016x}\"", hasher.finish())).unwrap_or_else(|_| HeaderValue::from_static(""))
}
