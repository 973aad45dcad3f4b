//! Sends a share of the reading calls to another version as well, and compares what both say. Visitors get
//! the first answer and wait for nothing; what changes something is never sent twice. What is larger than the answers
//! that are read whole is not compared.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError, RwLock},
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes},
    response::Response,
};
use http::{HeaderMap, Method, StatusCode, Uri, header};
use http_body::Frame;
use rand::Rng;
use sha2::{Digest, Sha256};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

use super::{
    Upstream,
    address::ANSWER_LIMIT,
    report::{Report, Said},
    target::{Outgoing, Reply, Target},
};

/// Comparisons under way at once; what comes on top is not compared.
const AT_ONCE: usize = 16;

/// A service's mirroring and what it found.
#[derive(Debug)]
pub(super) struct Mirror {
    setting: RwLock<Option<Setting>>,
    report: Mutex<Report>,
    places: Arc<Semaphore>,
}

/// Who else is asked, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) target: String,
    /// Of the reading calls.
    pub(super) percent: u8,
}

/// A call that is to be sent to the other version too.
pub(super) struct Mirrored {
    upstream: Upstream,
    target: String,
    outgoing: Outgoing,
    place: OwnedSemaphorePermit,
}

impl Mirror {
    pub(super) fn new(planned: Option<(String, u8)>) -> Self {
        let setting = planned.map(|(target, percent)| Setting { target, percent });
        Self { setting: RwLock::new(setting), report: Mutex::default(), places: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    pub(super) fn setting(&self) -> Option<Setting> {
        self.setting.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on; the report begins anew when that is something else.
    pub(super) fn set(&self, setting: Option<Setting>) {
        let mut current = self.setting.write().unwrap_or_else(PoisonError::into_inner);
        if *current != setting {
            *current = setting;
            *self.report.lock().unwrap_or_else(PoisonError::into_inner) = Report::default();
        }
    }

    pub(super) fn report(&self) -> Report {
        self.report.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, change: impl FnOnce(&mut Report)) {
        change(&mut self.report.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Upstream {
    /// The call again for the other version, when it is this call's turn.
    pub(super) fn draw(&self, served: &Target, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Mirrored> {
        if self.0.targets.len() < 2 || *method != Method::GET || has_effect(uri.path()) {
            return None;
        }
        let setting = self.0.mirror.setting()?;
        let other = self.target(&setting.target).filter(|target| target.name != served.name)?;
        if rand::rng().random_range(0..100) >= setting.percent {
            return None;
        }
        let Ok(place) = self.0.mirror.places.clone().try_acquire_owned() else {
            self.skip(&other.name);
            return None;
        };
        let mut headers = headers.clone();
        // A part of an answer cannot be compared, and neither can one that says "as before".
        for name in [header::RANGE, header::IF_NONE_MATCH, header::IF_MODIFIED_SINCE] {
            headers.remove(name);
        }
        let outgoing = Outgoing { method: Method::GET, uri: uri.clone(), headers, body: Body::empty() };
        Some(Mirrored { upstream: self.clone(), target: setting.target, outgoing, place })
    }

    fn skip(&self, target: &str) {
        self.0.mirror.note(|report| report.skipped += 1);
        self.0.meters.mirrored(target, "skipped");
    }
}

/// A sign-in elsewhere ends with a GET that uses up what it carries.
fn has_effect(path: &str) -> bool {
    path.starts_with("/api/auth/oidc/")
}

impl Mirrored {
    /// Compares with an answer that is at hand.
    pub(super) fn compare(self, status: StatusCode, body: &Bytes) {
        let said = Said { status: status.as_u16(), bytes: body.len(), digest: Sha256::digest(body).into() };
        self.compare_with(said);
    }

    /// Compares with an answer while it passes by; the other version is asked when it has passed whole.
    pub(super) fn beside(self, response: Response) -> Response {
        let status = response.status();
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let endless = kind.is_some_and(|kind| kind.starts_with("text/event-stream"));
        if endless || status == StatusCode::NOT_MODIFIED || status == StatusCode::PARTIAL_CONTENT {
            return response;
        }
        // What it says of its length is believed, or else found out.
        if http_body::Body::size_hint(response.body()).lower() > ANSWER_LIMIT as u64 {
            self.upstream.skip(&self.target);
            return response;
        }
        let (head, inner) = response.into_parts();
        let body = Watched { inner, digest: Sha256::new(), bytes: 0, status, mirrored: Some(self) };
        Response::from_parts(head, Body::new(body))
    }

    fn compare_with(self, first: Said) {
        tokio::spawn(async move {
            let Self { upstream, target, outgoing, place } = self;
            let inner = &upstream.0;
            let Some(target) = upstream.target(&target) else { return };
            let path = outgoing.uri.clone();
            let deadline = Instant::now() + inner.plan.limits.deadline;
            let result = match target.send(outgoing, deadline, true).await {
                Ok(reply) => {
                    let second = said(reply).await;
                    inner.mirror.note(|report| report.compare(&path, &first, second.as_ref()));
                    second.map_or("failed", |second| first.result(&second))
                }
                Err(_) => {
                    inner.mirror.note(|report| report.compare(&path, &first, None));
                    "failed"
                }
            };
            inner.meters.mirrored(&target.name, result);
            drop(place);
        });
    }
}

async fn said(reply: Reply) -> Option<Said> {
    let status = reply.response.status().as_u16();
    let body = axum::body::to_bytes(reply.response.into_body(), ANSWER_LIMIT).await.ok()?;
    Some(Said { status, bytes: body.len(), digest: Sha256::digest(&body).into() })
}

/// A body that is digested while it passes.
struct Watched {
    inner: Body,
    digest: Sha256,
    bytes: usize,
    status: StatusCode,
    mirrored: Option<Mirrored>,
}

impl Watched {
    fn take_in(&mut self, data: &[u8]) {
        self.digest.update(data);
        self.bytes += data.len();
        if self.bytes > ANSWER_LIMIT
            && let Some(Mirrored { upstream, target, .. }) = self.mirrored.take()
        {
            upstream.skip(&target);
        }
    }

    fn finish(&mut self) {
        if let Some(mirrored) = self.mirrored.take() {
            let digest = std::mem::take(&mut self.digest).finalize().into();
            mirrored.compare_with(Said { status: self.status.as_u16(), bytes: self.bytes, digest });
        }
    }
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(context);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(data) = frame.data_ref().filter(|_| self.mirrored.is_some()) {
                    self.take_in(data);
                }
                // With a known length nobody asks for what comes after the last piece.
                if self.inner.is_end_stream() {
                    self.finish();
                }
            }
            Poll::Ready(None) => self.finish(),
            // Cut off: there is nothing to compare.
            Poll::Ready(Some(Err(_))) => self.mirrored = None,
            Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream() && self.mirrored.is_none()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.inner.size_hint()
    }
}
