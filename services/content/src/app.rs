//! What every route has at hand.

use std::{sync::Arc, time::Duration};

use axum::extract::FromRef;
use kit::{
    Clock, Secret, Shared, auth::Access, cache::Cache as Kept, db::Db, events::relay::Wake, passwords::Passwords,
    peers::Peers,
};
use markdown::Renderer;
use moka::future::Cache;

use crate::domain::address::AddressKey;

/// How long it is remembered whether a post takes comments, for showing the form. Writing asks anew.
const COMMENTS_ALLOWED_FOR: Duration = Duration::from_secs(30);

/// State of the router.
#[derive(Clone)]
pub(crate) struct App(Arc<Inner>);

/// See [`App`].
pub(crate) struct Inner {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) relay: Wake,
    pub(crate) peers: Peers,
    pub(crate) passwords: Passwords,
    pub(crate) renderer: Renderer,
    pub(crate) addresses: AddressKey,
    /// See `answers`.
    pub(crate) cache: Kept,
    /// By post.
    pub(crate) comments_allowed: Cache<String, bool>,
    access: Access,
}

impl App {
    pub(crate) fn new(db: Db, shared: &Shared, address_secret: &Secret, relay: Wake) -> Self {
        Self(Arc::new(Inner {
            db,
            clock: shared.clock.clone(),
            relay,
            peers: shared.peers.clone(),
            passwords: Passwords::new(),
            renderer: Renderer::new(),
            addresses: AddressKey::new(address_secret),
            cache: shared.cache.scoped("content"),
            comments_allowed: Cache::builder().max_capacity(10_000).time_to_live(COMMENTS_ALLOWED_FOR).build(),
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
