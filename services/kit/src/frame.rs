//! Putting a service's router together.

use std::sync::Arc;

use axum::{Router, routing::get};
use tokio_util::sync::CancellationToken;
use utoipa::openapi::OpenApi;

use crate::{
    Service, Shared,
    auth::Access,
    backup::{self, Table},
    bus::Bus,
    db::Db,
    dead_letters,
    events::{consumer::Consumer, relay::Wake},
    http, openapi,
    peers::Peers,
};

/// A service's routes and what surrounds them: health, `/openapi.json`, dead letters, backup.
///
/// ```ignore
/// let (routes, api) = routes::router(app).split_for_parts();
/// Ok(Frame::new("blog", db, shared).producer(wake).consumer(consumer).backup(store::TABLES).finish(routes, api))
/// ```
pub struct Frame {
    name: &'static str,
    db: Db,
    access: Access,
    peers: Peers,
    bus: Arc<dyn Bus>,
    clock: crate::Clock,
    cache: crate::cache::Cache,
    draining: CancellationToken,
    metrics: crate::metrics::Metrics,
    letters: dead_letters::Letters,
    tables: Option<&'static [Table]>,
}

impl Frame {
    /// A frame for service `name`.
    pub fn new(name: &'static str, db: Db, shared: &Shared) -> Self {
        Self {
            name,
            access: Access::from(shared),
            peers: shared.peers.clone(),
            bus: shared.bus.clone(),
            clock: shared.clock.clone(),
            cache: shared.cache.scoped(name),
            draining: shared.draining.clone(),
            metrics: shared.metrics.clone(),
            letters: dead_letters::Letters::new(db.clone()),
            db,
            tables: None,
        }
    }

    /// The service writes events ([`crate::events::outbox::SQL`] is among its migrations).
    #[must_use]
    pub fn producer(mut self, wake: Wake) -> Self {
        self.letters.producer = Some(wake);
        self
    }

    /// The service gets events ([`crate::events::inbox::SQL`] and [`crate::events::consumer::SQL`] are
    /// among its migrations).
    #[must_use]
    pub fn consumer(mut self, consumer: Arc<Consumer>) -> Self {
        self.letters.consumer = Some(consumer);
        self
    }

    /// What is backed up, parents before children ([`backup::SQL`] is among its migrations).
    #[must_use]
    pub fn backup(mut self, tables: &'static [Table]) -> Self {
        self.tables = Some(tables);
        self
    }

    /// The finished service, known to its peers.
    pub fn finish(self, routes: Router, api: OpenApi) -> Service {
        let tables: &'static [&'static str] = match (&self.letters.producer, &self.letters.consumer) {
            (None, None) => &[],
            (Some(_), None) => &["outbox", "dead_letters"],
            (None, Some(_)) => &["parked"],
            (Some(_), Some(_)) => &["outbox", "dead_letters", "parked"],
        };
        let (letters, letters_api) = dead_letters::router(self.letters, self.access.clone()).split_for_parts();
        let mut api = api;
        api.merge(letters_api);
        let mut routes = routes.merge(letters);
        if let Some(tables) = self.tables {
            let backup = backup::Backup::new(self.db.clone(), self.clock.clone(), tables).empties(self.cache);
            routes = routes.merge(backup::router(backup, self.access.clone()));
        }
        let document: Arc<str> = openapi::document(self.name, api).to_string().into();
        let serve = async move || {
            ([(::http::header::CONTENT_TYPE, "application/json")], axum::body::Body::from(document.to_string()))
        };
        let routes = routes.route("/openapi.json", get(serve));
        self.metrics.watch(self.name, self.db.clone(), tables);
        let needed = http::Needed { db: self.db, bus: Some(self.bus), draining: self.draining };
        let router = http::enclose(self.name, needed, self.metrics, routes);
        self.peers.register(self.name, router.clone());
        Service { name: self.name, router }
    }
}
