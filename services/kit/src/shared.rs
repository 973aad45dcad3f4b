//! What joins a service to the others in its process.

use std::{sync::Arc, time::Duration};

use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{Clock, Secret, auth::Verifier, bus, cache::Cache, metrics::Metrics, peers::Peers};

/// What the cache in the process may take.
const CACHE_BYTES: u64 = 64 << 20;
/// How long background work may take to come to an end.
const PATIENCE: Duration = Duration::from_secs(10);

/// Everything a service gets from the process it runs in.
#[derive(Clone)]
pub struct Shared {
    /// How events travel. [`bus::Bus::open`] it when all services have started.
    pub bus: Arc<dyn bus::Bus>,
    /// Checks access tokens; the auth service fills it with its keys.
    pub verifier: Verifier,
    /// What is kept for a while. A service takes its own part: [`Cache::scoped`].
    pub cache: Cache,
    /// The other services.
    pub peers: Peers,
    /// What callers of `/internal/*` show.
    pub service_token: Secret,
    /// Tells the time.
    pub clock: Clock,
    /// What this process counts of itself.
    pub metrics: Metrics,
    /// Cancelled when the process is soon to end: it answers, but is no longer ready.
    pub draining: CancellationToken,
    /// Cancelled when the process is to end.
    pub shutdown: CancellationToken,
    /// Background work that is waited for at the end.
    pub tasks: TaskTracker,
}

impl Shared {
    /// For services in one process: the in-process bus, the machine's clock. `issuer` is the public
    /// URL of the site, as access tokens name it.
    pub fn in_process(issuer: impl Into<String>, service_token: Secret) -> Self {
        let clock = Clock::system();
        Self {
            bus: Arc::new(bus::InProcess::new()),
            verifier: Verifier::new(issuer, clock.clone()),
            cache: Cache::in_process(CACHE_BYTES),
            peers: Peers::in_process(service_token.clone()),
            service_token,
            clock,
            metrics: Metrics::new(),
            draining: CancellationToken::new(),
            shutdown: CancellationToken::new(),
            tasks: TaskTracker::new(),
        }
    }
}

impl Shared {
    /// Ends background work, waiting for what is under way.
    pub async fn finish(&self) {
        self.shutdown.cancel();
        self.tasks.close();
        if tokio::time::timeout(PATIENCE, self.tasks.wait()).await.is_err() {
            tracing::warn!(
                "background work did not end in {} seconds; what it left is done at the next start",
                PATIENCE.as_secs()
            );
        }
    }
}

/// A started service.
#[derive(Debug)]
pub struct Service {
    /// `auth`, `blog`, …
    pub name: &'static str,
    /// All its routes, `/health` and `/ready` included.
    pub router: axum::Router,
}

/// Why a service could not start. The message names what to change.
#[derive(Debug, thiserror::Error)]
#[error("{service} could not start: {reason}")]
pub struct StartError {
    service: &'static str,
    reason: String,
    #[source]
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl StartError {
    /// An error of `service`, with a sentence for the person who starts it.
    pub fn new(service: &'static str, reason: impl Into<String>) -> Self {
        Self { service, reason: reason.into(), cause: None }
    }

    /// The same error with what caused it.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }
}
