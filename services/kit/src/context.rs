//! What a request carries from service to service without every function passing it on: its id, its
//! trace, and when its answer is no longer waited for.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::time::Instant;

use crate::{http::REQUEST_ID, trace};

/// W3C trace context.
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// How long the caller will wait, in milliseconds.
pub const DEADLINE: HeaderName = HeaderName::from_static("x-deadline-ms");

/// See the [module](self).
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Id in the logs of all services.
    pub request_id: Option<String>,
    /// W3C `traceparent`.
    pub traceparent: Option<String>,
    /// When the caller gives up.
    pub deadline: Option<Instant>,
}

tokio::task_local! {
    static CURRENT: Context;
}

/// The context of the request that this task answers; an empty one where there is none.
pub fn current() -> Context {
    CURRENT.try_with(Clone::clone).unwrap_or_default()
}

/// W3C `traceparent` of the current span, or what the request brought.
pub fn traceparent() -> Option<String> {
    trace::current().or_else(|| current().traceparent)
}

/// Runs `work` in a context.
pub async fn scope<T>(context: Context, work: impl Future<Output = T>) -> T {
    CURRENT.scope(context, work).await
}

impl Context {
    /// What the headers of a request say.
    pub fn of(headers: &HeaderMap) -> Self {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let wait = text(DEADLINE).and_then(|millis| millis.parse().ok()).map(Duration::from_millis);
        Self {
            request_id: text(REQUEST_ID),
            traceparent: text(TRACEPARENT).filter(|parent| trace::parse(parent).is_some()),
            deadline: wait.map(|wait| Instant::now() + wait.min(Duration::from_secs(600))),
        }
    }

    /// Writes it into the headers of a request.
    pub fn put(&self, headers: &mut HeaderMap) {
        let mut set = |name: HeaderName, value: Option<String>| {
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
                headers.insert(name, value);
            }
        };
        set(REQUEST_ID, self.request_id.clone());
        set(TRACEPARENT, trace::current().or_else(|| self.traceparent.clone()));
        set(DEADLINE, self.remaining().map(|left| left.as_millis().to_string()));
    }

    /// How long the caller will still wait.
    pub fn remaining(&self) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }
}
