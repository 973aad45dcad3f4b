//! What every route has at hand.

use std::{path::PathBuf, sync::Arc};

use axum::extract::FromRef;
use kit::{Clock, Shared, auth::Access, db::Db, events::relay::Wake};

use crate::domain::{
    password::Passwords,
    signer::Signer,
    throttle::{Limit, Throttle},
};

/// State of the router.
#[derive(Clone)]
pub(crate) struct App(Arc<Inner>);

/// See [`App`].
pub(crate) struct Inner {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) signer: Signer,
    pub(crate) relay: Wake,
    pub(crate) data_dir: PathBuf,
    pub(crate) passwords: Passwords,
    /// Attempts to sign in, by account.
    pub(crate) by_account: Throttle,
    /// Attempts to sign in or register, by address.
    pub(crate) by_address: Throttle,
    access: Access,
}

impl App {
    pub(crate) fn new(db: Db, shared: &Shared, signer: Signer, relay: Wake, data_dir: PathBuf) -> Self {
        Self(Arc::new(Inner {
            db,
            clock: shared.clock.clone(),
            signer,
            relay,
            data_dir,
            passwords: Passwords::new(),
            by_account: Throttle::new(Limit { burst: 10, one_more_every_ms: 30_000 }),
            by_address: Throttle::new(Limit { burst: 60, one_more_every_ms: 3_000 }),
            access: Access::from(shared),
        }))
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
