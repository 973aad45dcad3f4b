//! Reading calls under way, so that whoever asks the same meanwhile waits for the same answer.

use std::{
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::{
    FutureExt,
    future::{Shared, WeakShared},
};
use http::{HeaderMap, HeaderName, header};

use super::{answer::Answer, failure::Failure};

/// What a call comes to, for all who wait for it.
pub(super) type Landing = Result<Answer, Failure>;
type Flight = Pin<Box<dyn Future<Output = Landing> + Send>>;

/// What does not change an answer: whose request it is in the logs, and how long somebody waits.
const IGNORED: [HeaderName; 7] = [
    header::USER_AGENT,
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("traceparent"),
    HeaderName::from_static("tracestate"),
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-deadline-ms"),
    super::routing::VISITOR_KEY,
];

/// Calls by their key, each with its number.
type Open = HashMap<String, (u64, WeakShared<Flight>)>;

/// Calls under way, by what they ask.
#[derive(Debug, Default)]
pub(super) struct Flights {
    open: Arc<Mutex<Open>>,
}

/// What a call asks: target, path, and every header that may change the answer.
pub(super) fn key(target: &str, path: &str, headers: &HeaderMap) -> String {
    let mut told: Vec<_> = headers.iter().filter(|(name, _)| !IGNORED.contains(name)).collect();
    told.sort_by_key(|(name, value)| (name.as_str(), value.as_bytes()));
    let mut key = format!("{target}\n{path}");
    for (name, value) in told {
        key.push('\n');
        key.push_str(name.as_str());
        key.push(':');
        // Header values may be any bytes.
        key.extend(value.as_bytes().iter().map(|byte| char::from(*byte)));
    }
    key
}

impl Flights {
    /// Joins the call that asks the same, or sets out; says whether it joined.
    pub(super) fn join(&self, key: String, set_out: impl FnOnce() -> Flight) -> (Shared<Flight>, bool) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = open.get(&key).and_then(|(_, flight)| flight.upgrade()) {
            return (flight, true);
        }
        let number = rand::random();
        let gone = Gone { open: self.open.clone(), key: key.clone(), number };
        let flight = set_out();
        // Ends with the answer, or with the last who waits for it.
        let flight: Flight = Box::pin(async move {
            let _gone = gone;
            flight.await
        });
        let flight = flight.shared();
        if let Some(weak) = flight.downgrade() {
            open.insert(key, (number, weak));
        }
        (flight, false)
    }

    /// From now on nobody joins what set out before: something changed.
    pub(super) fn forget(&self) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

struct Gone {
    open: Arc<Mutex<Open>>,
    key: String,
    number: u64,
}

impl Drop for Gone {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.get(&self.key).is_some_and(|(number, _)| *number == self.number) {
            open.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use futures_util::future::join_all;
    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn a_thousand_who_ask_the_same_set_out_once() {
        let (flights, calls, gate) = (Flights::default(), Arc::new(AtomicU32::new(0)), Arc::new(Notify::new()));
        let set_out = || -> Flight {
            let (calls, gate) = (calls.clone(), gate.clone());
            Box::pin(async move {
                calls.fetch_add(1, Ordering::SeqCst);
                gate.notified().await;
                Err(Failure::Late)
            })
        };
        let joined: Vec<_> = (0..1000).map(|_| flights.join("a".to_owned(), set_out)).collect();
        assert_eq!(joined.iter().filter(|(_, joined)| !joined).count(), 1);
        let (_, other) = flights.join("b".to_owned(), set_out);
        assert!(!other);
        gate.notify_one();
        for landing in join_all(joined.into_iter().map(|(flight, _)| flight)).await {
            assert!(matches!(landing, Err(Failure::Late)), "what the one came to");
        }
        assert_eq!(calls.load(Ordering::SeqCst), 1);
        assert!(!flights.join("a".to_owned(), set_out).1, "it has landed");
    }
}
