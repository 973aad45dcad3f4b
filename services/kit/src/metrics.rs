//! What a service counts of itself, as Prometheus reads it.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crate::db::{Db, sql};

/// Upper bounds of the latency histogram, in milliseconds.
const BOUNDS: [u64; 10] = [1, 2, 5, 10, 20, 50, 100, 200, 1_000, 5_000];

/// Counters of one service. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Metrics(Arc<Mutex<BTreeMap<Series, Histogram>>>);

/// Method, route pattern, status.
type Series = (String, String, u16);

#[derive(Debug, Default)]
struct Histogram {
    /// Requests at most as slow as each bound.
    within: [u64; BOUNDS.len()],
    count: u64,
    micros: u64,
}

impl Metrics {
    /// Counts a request. `route` is the pattern, not the path: paths are without number.
    pub(crate) fn count(&self, method: &str, route: &str, status: u16, took: Duration) {
        let mut series = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let histogram = series.entry((method.to_owned(), route.to_owned(), status)).or_default();
        histogram.count += 1;
        histogram.micros = histogram.micros.saturating_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
        for (within, bound) in histogram.within.iter_mut().zip(BOUNDS) {
            *within += u64::from(took <= Duration::from_millis(bound));
        }
    }

    fn render(&self, service: &str, out: &mut String) -> std::fmt::Result {
        writeln!(out, "# HELP maru_request_duration_seconds How long requests took.")?;
        writeln!(out, "# TYPE maru_request_duration_seconds histogram")?;
        for ((method, route, status), histogram) in self.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let labels = format!(r#"service="{service}",method="{method}",route="{route}",status="{status}""#);
            for (bound, within) in BOUNDS.iter().zip(histogram.within) {
                let bound = seconds(bound * 1000);
                writeln!(out, r#"maru_request_duration_seconds_bucket{{{labels},le="{bound}"}} {within}"#)?;
            }
            let Histogram { count, micros, .. } = histogram;
            writeln!(out, r#"maru_request_duration_seconds_bucket{{{labels},le="+Inf"}} {count}"#)?;
            writeln!(out, "maru_request_duration_seconds_sum{{{labels}}} {}", seconds(*micros))?;
            writeln!(out, "maru_request_duration_seconds_count{{{labels}}} {count}")?;
        }
        Ok(())
    }
}

/// Microseconds as seconds, exactly.
fn seconds(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What is looked up when somebody asks.
const GAUGES: [(&str, &str, &str); 3] = [
    ("maru_outbox_events", "outbox", "Events that are not delivered yet."),
    ("maru_dead_letters", "dead_letters", "Events that could not be delivered."),
    ("maru_parked_messages", "parked", "Messages that were set aside."),
];

/// All figures of a service. `tables` are those of [`GAUGES`] that it has.
pub(crate) async fn render(service: &str, metrics: &Metrics, db: &Db, tables: &[&str]) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = metrics.render(service, &mut out);
    let up = u8::from(db.ping().await.is_ok());
    let _ = writeln!(out, "# HELP maru_database_up Whether the database answers.\n# TYPE maru_database_up gauge");
    let _ = writeln!(out, r#"maru_database_up{{service="{service}"}} {up}"#);
    for (name, table, help) in GAUGES.into_iter().filter(|(_, table, _)| tables.contains(table)) {
        let query = format!("SELECT COUNT(*) AS n FROM {table}");
        if let Ok(number) = sql::number(db.read(), &query, []).await {
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge");
            let _ = writeln!(out, r#"{name}{{service="{service}"}} {number}"#);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Metrics;

    #[test]
    fn requests_fall_into_their_buckets() {
        let metrics = Metrics::default();
        metrics.count("GET", "/x/{id}", 200, Duration::from_micros(1_500));
        metrics.count("GET", "/x/{id}", 200, Duration::from_secs(60));
        let mut out = String::new();
        metrics.render("test", &mut out).expect("a string");
        let labels = r#"service="test",method="GET",route="/x/{id}",status="200""#;
        assert!(out.contains(&format!(r#"_bucket{{{labels},le="0.001"}} 0"#)), "{out}");
        assert!(out.contains(&format!(r#"_bucket{{{labels},le="0.002"}} 1"#)), "{out}");
        assert!(out.contains(&format!(r#"_bucket{{{labels},le="+Inf"}} 2"#)), "{out}");
        assert!(out.contains(&format!("_sum{{{labels}}} 60.0015")), "{out}");
    }
}
