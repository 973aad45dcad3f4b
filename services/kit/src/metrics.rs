//! What a process counts of itself, as Prometheus reads it.
//!
//! One recorder for the process, however many services run in it: each of its series says which by its
//! label `service`. Labels take few values: routes are patterns, methods and statuses those of the standard.

use std::{
    cell::RefCell,
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use http::{Method, StatusCode};
use metrics::{Gauge, Histogram, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use metrics_process::Collector;

use crate::{
    clock,
    db::{Db, sql},
};

/// Upper bounds of histograms, in seconds: the service levels (0.1, 0.2) among them.
const BOUNDS: [f64; 12] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0, 30.0];
/// Histograms are summed up so often; until then each measurement takes memory, and the more there are at once, the
/// longer requests wait for their core meanwhile.
const SUM_UP_EVERY: Duration = Duration::from_millis(500);
/// A database that takes longer to say how many events wait is not waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// The figures of this process. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Metrics(Arc<Mutex<Vec<Probe>>>);

/// A service's database, asked when somebody wants the figures.
#[derive(Clone, Debug)]
struct Probe {
    service: &'static str,
    db: Db,
    tables: &'static [&'static str],
}

impl Metrics {
    /// Starts recording, once per process.
    pub fn new() -> Self {
        recorder();
        Self::default()
    }

    /// Has the database of `service` looked at whenever the figures are asked for. `tables` are those of the
    /// events that it has: `outbox`, `dead_letters`, `parked`.
    pub fn watch(&self, service: &'static str, db: Db, tables: &'static [&'static str]) {
        // There from the start, so that the first one is seen as an increase.
        metrics::counter!("maru_http_requests_abandoned_total", "service" => service).increment(0);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Probe { service, db, tables });
    }

    /// All figures, in the text format of Prometheus.
    pub async fn render(&self) -> String {
        let probes = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        join_all(probes.iter().map(|probe| async {
            let looked = tokio::time::timeout(PATIENCE, probe.look()).await.unwrap_or(false);
            gauge!("maru_database_up", "service" => probe.service).set(f64::from(u8::from(looked)));
        }))
        .await;
        Collector::default().collect();
        match recorder() {
            Some(recorder) => recorder.render(),
            None => String::new(),
        }
    }
}

impl Probe {
    /// Whether the database answers; sets the gauges of what it says.
    async fn look(&self) -> bool {
        let Self { service, db, tables } = self;
        if db.ping().await.is_err() {
            return false;
        }
        for (table, name) in [
            ("outbox", "maru_outbox_events"),
            ("dead_letters", "maru_dead_letters"),
            ("parked", "maru_parked_messages"),
        ] {
            if !tables.contains(&table) {
                continue;
            }
            let Ok(count) = sql::number(db.read(), &format!("SELECT COUNT(*) AS n FROM {table}"), []).await else {
                return false;
            };
            gauge!(name, "service" => *service).set(float(count));
        }
        if tables.contains(&"outbox") {
            let oldest = "SELECT COALESCE(MIN(occurred_at), 0) AS n FROM outbox";
            let Ok(oldest) = sql::number(db.read(), oldest, []).await else { return false };
            let age = if oldest == 0 { 0 } else { clock::to_millis(time::OffsetDateTime::now_utc()) - oldest };
            gauge!("maru_outbox_oldest_seconds", "service" => *service).set(float(age.max(0)) / 1000.0);
        }
        true
    }
}

#[expect(clippy::cast_precision_loss, reason = "gauges are floating point numbers")]
fn float(number: i64) -> f64 {
    number as f64
}

/// What was counted of a service's requests and is found without asking the recorder again: by service, method, route
/// and status.
type Known = HashMap<(&'static str, &'static str, Arc<str>, StatusCode), Histogram>;

thread_local! {
    static DURATIONS: RefCell<Known> = RefCell::default();
    static IN_FLIGHT: RefCell<HashMap<&'static str, Gauge>> = RefCell::default();
}

fn in_flight(service: &'static str, change: impl FnOnce(&Gauge)) {
    IN_FLIGHT.with_borrow_mut(|known| {
        let find = || {
            // What is found before there is a recorder would never count.
            let _ = recorder();
            gauge!("maru_http_requests_in_flight", "service" => service)
        };
        change(known.entry(service).or_insert_with(find));
    });
}

/// A request that is being answered. Dropped without [`Self::answered`] it counts as gone: its client left.
#[derive(Debug)]
pub struct Answering {
    service: &'static str,
    method: &'static str,
    route: Arc<str>,
    begun: Instant,
    in_flight: bool,
}

impl Answering {
    /// Begins to measure. `route` is a pattern, never a path.
    pub fn begin(service: &'static str, method: &Method, route: Arc<str>) -> Self {
        in_flight(service, |gauge| gauge.increment(1.0));
        Self { service, method: known(method), route, begun: Instant::now(), in_flight: true }
    }

    /// Counts the answer, and how long it took to begin.
    pub fn answered(mut self, status: StatusCode) {
        let took = self.begun.elapsed();
        DURATIONS.with_borrow_mut(|known| {
            let key = (self.service, self.method, self.route.clone(), status);
            known.entry(key).or_insert_with(|| self.duration(status)).record(took);
        });
        self.leave();
    }

    fn duration(&self, status: StatusCode) -> Histogram {
        let labels = [
            ("service", self.service.into()),
            ("method", self.method.into()),
            ("route", metrics::SharedString::from(self.route.clone())),
            ("status", status.as_str().to_owned().into()),
        ];
        let labels = labels.map(|(name, value)| metrics::Label::new(name, value)).to_vec();
        metrics::histogram!("maru_http_request_duration_seconds", labels)
    }

    fn leave(&mut self) {
        if std::mem::take(&mut self.in_flight) {
            in_flight(self.service, |gauge| gauge.decrement(1.0));
        }
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        if self.in_flight {
            metrics::counter!("maru_http_requests_abandoned_total", "service" => self.service).increment(1);
            self.leave();
        }
    }
}

/// Clients can make up methods; series they cannot.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// The recorder of this process; none where somebody else installed one.
fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            let recorder = PrometheusBuilder::new().set_buckets(&BOUNDS).ok()?.build_recorder();
            let handle = recorder.handle();
            metrics::set_global_recorder(recorder).ok()?;
            describe();
            sum_up(handle.clone());
            Some(handle)
        })
        .as_ref()
}

fn sum_up(handle: PrometheusHandle) {
    let summing = std::thread::Builder::new().name("metrics".into()).spawn(move || {
        loop {
            std::thread::sleep(SUM_UP_EVERY);
            handle.run_upkeep();
        }
    });
    if let Err(error) = summing {
        tracing::warn!(%error, "figures are summed up only when they are asked for");
    }
}

fn describe() {
    describe_histogram!("maru_http_request_duration_seconds", "How long it took until an answer began.");
    describe_gauge!("maru_http_requests_in_flight", "Requests that are being answered.");
    describe_counter!("maru_http_requests_abandoned_total", "Requests whose clients left before the answer began.");
    describe_gauge!("maru_database_up", "Whether the database answers.");
    describe_gauge!("maru_outbox_events", "Events that are not delivered yet.");
    describe_gauge!("maru_outbox_oldest_seconds", "Age of the oldest event that is not delivered yet.");
    describe_gauge!("maru_dead_letters", "Events that could not be delivered.");
    describe_gauge!("maru_parked_messages", "Messages that were set aside.");
    describe_counter!("maru_events_handled_total", "Messages that a consumer took or refused.");
    describe_histogram!("maru_event_delay_seconds", "Time from an event to its effect.");
    describe_counter!("maru_cache_requests_total", "Questions to a cache, and whether it knew.");
    Collector::default().describe();
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use http::{Method, StatusCode};

    use super::{Answering, Metrics};

    #[tokio::test]
    async fn requests_are_counted_by_pattern_and_known_methods() {
        let metrics = Metrics::new();
        let route: Arc<str> = "/x/{id}".into();
        Answering::begin("counted", &Method::GET, route.clone()).answered(StatusCode::OK);
        Answering::begin("counted", &Method::from_bytes(b"MADEUP").unwrap(), route.clone()).answered(StatusCode::OK);
        drop(Answering::begin("counted", &Method::GET, route));
        let text = metrics.render().await;
        for line in [
            r#"maru_http_request_duration_seconds_bucket{service="counted",method="GET",route="/x/{id}",status="200",le="0.1"} 1"#,
            r#"maru_http_request_duration_seconds_count{service="counted",method="other",route="/x/{id}",status="200"} 1"#,
            r#"maru_http_requests_abandoned_total{service="counted"} 1"#,
            r#"maru_http_requests_in_flight{service="counted"} 0"#,
            "# TYPE process_resident_memory_bytes gauge",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }
}
