//! What stands behind a listener.

use std::{sync::Arc, time::Duration};

use axum::Router;

use super::{Admission, Lanes, Tls};

/// What is behind a listener, and how it is guarded.
#[derive(Clone)]
pub struct Door {
    pub(super) router: Router,
    pub(super) admission: Arc<Admission>,
    pub(super) tls: Option<Tls>,
    pub(super) patience: Patience,
    pub(super) lanes: Option<Lanes>,
}

/// How long a client is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Until the first request is there, until the head of the next one is whole, and how long an idle
    /// connection stays.
    pub head: Duration,
    /// How long a client may take no byte of what it asked for.
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
        Self { router, admission, tls: None, patience: Patience::default(), lanes: None }
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
}

impl From<Router> for Door {
    fn from(router: Router) -> Self {
        Self::new(router)
    }
}
