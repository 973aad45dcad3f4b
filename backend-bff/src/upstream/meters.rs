//! `maru_upstream_*`: what Prometheus gets to see.

use std::time::Duration;

use metrics::{Counter, Histogram, counter, gauge, histogram};

use super::breaker::Standing;

/// The figures of one target of a service.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meters {
    upstream: &'static str,
}

impl Meters {
    pub(super) fn new(upstream: &'static str) -> Self {
        Self { upstream }
    }

    /// The figures of the attempts to get an answer of `target`.
    pub(super) fn attempts(self, target: &str) -> Attempts {
        let (upstream, name) = (self.upstream, target.to_owned());
        let took = histogram!("maru_upstream_request_seconds", "upstream" => upstream, "target" => name);
        Attempts { upstream, target: target.to_owned(), good: attempted(upstream, target, GOOD), took }
    }

    /// An attempt was made once more.
    pub(super) fn retry(self, target: &str) {
        counter!("maru_upstream_retries_total", "upstream" => self.upstream, "target" => target.to_owned())
            .increment(1);
    }

    /// A call was answered by another that was under way.
    pub(super) fn coalesced(self) {
        counter!("maru_upstream_coalesced_total", "upstream" => self.upstream).increment(1);
    }

    /// A mirrored call was compared, or was not.
    pub(super) fn mirrored(self, target: &str, result: &'static str) {
        let target = target.to_owned();
        counter!("maru_upstream_mirrored_total", "upstream" => self.upstream, "target" => target, "result" => result)
            .increment(1);
    }

    /// The gauge of an address's breaker: 0 closed, 1 half open, 2 open.
    pub(super) fn breaker(self, target: &str, address: &str) -> Gauge {
        let (target, address) = (target.to_owned(), address.to_owned());
        let gauge = gauge!(
            "maru_upstream_breaker_state",
            "upstream" => self.upstream, "target" => target, "address" => address
        );
        Gauge { gauge, upstream: self.upstream }
    }
}

/// The outcome of most attempts.
const GOOD: &str = "ok";

/// Attempts by outcome, and how long they took. What every call counts is looked up once.
pub(super) struct Attempts {
    upstream: &'static str,
    target: String,
    good: Counter,
    took: Histogram,
}

impl std::fmt::Debug for Attempts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attempts").field("target", &self.target).finish_non_exhaustive()
    }
}

impl Attempts {
    /// An attempt came to an end.
    pub(super) fn ended(&self, outcome: &'static str, took: Duration) {
        match outcome {
            GOOD => self.good.increment(1),
            outcome => attempted(self.upstream, &self.target, outcome).increment(1),
        }
        self.took.record(took.as_secs_f64());
    }
}

fn attempted(upstream: &'static str, target: &str, outcome: &'static str) -> Counter {
    let target = target.to_owned();
    counter!("maru_upstream_requests_total", "upstream" => upstream, "target" => target, "outcome" => outcome)
}

/// How a breaker stands.
#[derive(Clone)]
pub(super) struct Gauge {
    gauge: metrics::Gauge,
    upstream: &'static str,
}

impl std::fmt::Debug for Gauge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gauge").field("upstream", &self.upstream).finish_non_exhaustive()
    }
}

impl Gauge {
    pub(super) fn set(&self, standing: Standing) {
        self.gauge.set(standing.level());
    }

    pub(super) fn upstream(&self) -> &'static str {
        self.upstream
    }
}
