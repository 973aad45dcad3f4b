//! What every route has at hand.

use std::{path::PathBuf, sync::Arc};

use axum::extract::FromRef;
use kit::{
    ApiError, ApiResult, Clock, Shared,
    auth::{Access, Verifier},
    db::Db,
    events::relay::Wake,
};

use crate::{
    domain::{password::Passwords, throttle::Limit},
    keyring::Keyring,
    mail::{Sender, Site},
    oidc::Providers,
    store::throttle,
};

/// State of the router.
#[derive(Clone)]
pub(crate) struct App(Arc<Inner>);

/// See [`App`].
pub(crate) struct Inner {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) keyring: Keyring,
    pub(crate) verifier: Verifier,
    pub(crate) relay: Wake,
    pub(crate) data_dir: PathBuf,
    pub(crate) passwords: Passwords,
    pub(crate) site: Site,
    pub(crate) sender: Sender,
    pub(crate) providers: Providers,
    /// How long the audit log is kept.
    pub(crate) audit_days: u32,
    access: Access,
}

/// What [`App::new`] puts together.
pub(crate) struct Parts {
    pub(crate) db: Db,
    pub(crate) keyring: Keyring,
    pub(crate) relay: Wake,
    pub(crate) data_dir: PathBuf,
    pub(crate) site: Site,
    pub(crate) providers: Providers,
    pub(crate) audit_days: u32,
}

impl App {
    pub(crate) fn new(parts: Parts, shared: &Shared) -> Self {
        let Parts { db, keyring, relay, data_dir, site, providers, audit_days } = parts;
        Self(Arc::new(Inner {
            db,
            clock: shared.clock.clone(),
            keyring,
            verifier: shared.verifier.clone(),
            relay,
            data_dir,
            passwords: Passwords::new(),
            site,
            sender: Sender::default(),
            providers,
            audit_days,
            access: Access::from(shared),
        }))
    }

    /// Notes an attempt; 429 when there were too many.
    pub(crate) async fn attempt(&self, limit: Limit, whose: &str) -> ApiResult<()> {
        throttle::attempt(self.db.write(), limit, whose, self.clock.millis()).await?.map_err(ApiError::too_many)
    }

    /// Forgets the attempts.
    pub(crate) async fn forgive(&self, limit: Limit, whose: &str) -> ApiResult<()> {
        Ok(throttle::forgive(self.db.write(), limit, whose).await?)
    }
}

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl FromRef<App> for Access {
    fn from_ref(app: &App) -> Self {
        app.access.clone()
    }
}
