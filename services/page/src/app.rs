//! What every route has at hand.

use std::sync::Arc;

use axum::extract::FromRef;
use kit::{Clock, Shared, auth::Access, db::Db, events::relay::Wake, peers::Peers};
use markdown::Renderer;

/// State of the router.
#[derive(Clone)]
pub(crate) struct App(Arc<Inner>);

/// See [`App`].
pub(crate) struct Inner {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) relay: Wake,
    pub(crate) peers: Peers,
    pub(crate) renderer: Renderer,
    access: Access,
}

impl App {
    pub(crate) fn new(db: Db, shared: &Shared, relay: Wake) -> Self {
        Self(Arc::new(Inner {
            db,
            clock: shared.clock.clone(),
            relay,
            peers: shared.peers.clone(),
            renderer: Renderer::new(),
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
