//! `/_health`: this process lives, and what it knows of the rest. `/_ready`: it and every service behind it can
//! answer.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use kit::{Shared, clock::rfc3339};
use moka::future::Cache;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use crate::{Upstreams, backend::Backend};

/// What was found out of the services is believed so long: anybody may ask, and asking costs six calls.
const BELIEVED: Duration = Duration::from_secs(1);

type Services = Arc<BTreeMap<&'static str, bool>>;

/// What this process knows of itself.
pub(crate) struct Health {
    begun: Instant,
    started_at: String,
    draining: CancellationToken,
    services: Cache<(), Services>,
}

impl Health {
    pub(crate) fn new(shared: &Shared) -> Self {
        Self {
            begun: Instant::now(),
            started_at: rfc3339(shared.clock.millis()),
            draining: shared.draining.clone(),
            services: Cache::builder().max_capacity(1).time_to_live(BELIEVED).build(),
        }
    }

    /// Which services can answer; found out by one for all who ask at the same time.
    pub(crate) async fn services(&self, upstreams: &Upstreams) -> Services {
        self.services.get_with((), async { Arc::new(ask(upstreams).await) }).await
    }
}

async fn ask(upstreams: &Upstreams) -> BTreeMap<&'static str, bool> {
    let asked = upstreams.all().map(async |(name, service)| {
        let ready = service.is_ready().await;
        metrics::gauge!("maru_service_ready", "service" => name).set(f64::from(u8::from(ready)));
        (name, ready)
    });
    futures_util::future::join_all(asked).await.into_iter().collect()
}

#[derive(Serialize)]
struct Readiness {
    ready: bool,
    #[serde(flatten)]
    services: BTreeMap<&'static str, bool>,
    shell: bool,
}

/// `GET /_ready`
pub(crate) async fn ready(State(backend): State<Arc<Backend>>) -> Response {
    let services = backend.health.services(&backend.upstreams).await;
    let shell = backend.registry.live().shell().is_some();
    let ending = backend.health.draining.is_cancelled();
    let ready = shell && !ending && services.values().all(|ready| *ready);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, services: services.as_ref().clone(), shell })).into_response()
}

/// Answer of `/_health`, which is 200 while the process lives.
#[derive(Serialize)]
struct Report {
    /// `ok`, `degraded` (something is not ready) or `ending`.
    status: &'static str,
    /// Of the program.
    version: &'static str,
    /// Of the modules together.
    release: String,
    started_at: String,
    uptime_seconds: u64,
    services: BTreeMap<&'static str, &'static str>,
    modules: Vec<Module>,
}

#[derive(Serialize)]
struct Module {
    name: String,
    version: String,
    released_at: String,
}

/// `GET /_health`: JSON for machines, a few lines for people.
pub(crate) async fn health(State(backend): State<Arc<Backend>>, headers: HeaderMap) -> Response {
    let report = report(&backend).await;
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let json = accepted.contains("json");
    let mut response = if json { Json(report).into_response() } else { report.in_words().into_response() };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept"));
    response
}

async fn report(backend: &Backend) -> Report {
    let health = &backend.health;
    let services = health.services(&backend.upstreams).await;
    let live = backend.registry.live();
    let whole = live.shell().is_some() && services.values().all(|ready| *ready);
    Report {
        status: match (health.draining.is_cancelled(), whole) {
            (true, _) => "ending",
            (false, true) => "ok",
            (false, false) => "degraded",
        },
        version: env!("CARGO_PKG_VERSION"),
        release: live.release.clone(),
        started_at: health.started_at.clone(),
        uptime_seconds: health.begun.elapsed().as_secs(),
        services: services.iter().map(|(name, ready)| (*name, if *ready { "ready" } else { "not ready" })).collect(),
        modules: live
            .versions
            .iter()
            .map(|version| Module {
                name: version.manifest.name.clone(),
                version: version.manifest.version.clone(),
                released_at: version.released_at.clone(),
            })
            .collect(),
    }
}

impl Report {
    fn in_words(&self) -> String {
        let mut words = format!(
            "{}\n\nversion   {}\nrelease   {}\nstarted   {} ({} s ago)\n\nservices\n",
            self.status, self.version, self.release, self.started_at, self.uptime_seconds
        );
        // Writing to a string does not fail.
        for (name, state) in &self.services {
            let _ = writeln!(words, "  {name:<10} {state}");
        }
        words.push_str("\nmodules\n");
        for Module { name, version, released_at } in &self.modules {
            let _ = writeln!(words, "  {name:<10} {version} since {released_at}");
        }
        words
    }
}
