//! What stands behind a listener.

use std::{sync::Arc, time::Duration};

use axum::Router;
use tokio_util::sync::CancellationToken;

use super::{Admission, Lanes, Tls};

/// How long running answers may take once the process is to end: as long as the gateway lets a request take.
const DRAIN: Duration = Duration::from_secs(30);

/// How long who calls a server of ours keeps a connection that nobody uses. Shorter than the server does
/// ([`Patience::head`]): else a call now and then meets the end of its connection.
pub const KEEP_IDLE: Duration = Duration::from_secs(10);

/// What is behind a listener, and how it is guarded.
#[derive(Clone)]
pub struct Door {
    pub(super) router: Router,
    pub(super) admission: Arc<Admission>,
    pub(super) tls: Option<Tls>,
    pub(super) patience: Patience,
    pub(super) lanes: Option<Lanes>,
    pub(super) drain: Duration,
    pub(super) handed_on: CancellationToken,
}

/// How long a client is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Until the first request is there, until the head of the next one is whole, and how long an idle
    /// connection stays.
    pub head: Duration,
    /// How long a client may take nothing of what it asked for. Over HTTP/2 that holds for each answer.
    pub write: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { head: Duration::from_secs(15), write: Duration::from_secs(30) }
    }
}

impl Door {
    /// Without TLS, for any number of connections.
    pub fn new(router: Router) -> Self {
        let admission = Arc::new(Admission::anybody());
        let (patience, handed_on) = (Patience::default(), CancellationToken::new());
        Self { router, admission, tls: None, patience, lanes: None, drain: DRAIN, handed_on }
    }

    /// For so many connections.
    #[must_use]
    pub fn with_admission(self, admission: Arc<Admission>) -> Self {
        Self { admission, ..self }
    }

    /// With TLS.
    #[must_use]
    pub fn with_tls(self, tls: Tls) -> Self {
        Self { tls: Some(tls), ..self }
    }

    /// With connections that stay on a lane each, rather than wherever the runtime has time.
    #[must_use]
    pub fn on(self, lanes: Lanes) -> Self {
        Self { lanes: Some(lanes), ..self }
    }

    /// Waiting for clients otherwise than usual.
    #[must_use]
    pub fn with_patience(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// Running answers may take so long once the process is to end, then they are cut off.
    #[must_use]
    pub fn with_drain(self, drain: Duration) -> Self {
        Self { drain, ..self }
    }

    /// `others` is cancelled, before the process is to end, when somebody else holds the same socket: connections that
    /// come then wait in it for them.
    #[must_use]
    pub fn handed_on(self, others: CancellationToken) -> Self {
        Self { handed_on: others, ..self }
    }
}

impl From<Router> for Door {
    fn from(router: Router) -> Self {
        Self::new(router)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_calls_lets_go_before_the_server_does() {
        assert!(KEEP_IDLE + Duration::from_secs(3) < Patience::default().head, "an answer's way, and slow timers");
    }
}
