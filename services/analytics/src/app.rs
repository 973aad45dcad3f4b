//! What every route has at hand.

use std::sync::Arc;

use axum::extract::FromRef;
use kit::{Clock, Shared, auth::Access, db::Db, events::relay::Wake, peers::Peers};
use time::{Date, UtcOffset};
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{Settings, domain::day, sink::Sink};

/// Streams of realtime numbers that may be open at once.
const STREAMS: usize = 200;

/// State of the router.
#[derive(Clone)]
pub(crate) struct App(Arc<Inner>);

/// See [`App`].
pub(crate) struct Inner {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) relay: Wake,
    pub(crate) peers: Peers,
    pub(crate) settings: Settings,
    /// Host of the site: links from it are no referrers.
    pub(crate) own_host: String,
    /// Its URL, without a slash at the end.
    pub(crate) public_url: String,
    pub(crate) sink: Sink,
    /// Turns whenever somebody viewed something here.
    pub(crate) viewed: watch::Sender<u64>,
    pub(crate) streams: Arc<Semaphore>,
    pub(crate) shutdown: CancellationToken,
    access: Access,
}

impl App {
    pub(crate) fn new(db: Db, settings: Settings, sink: Sink, relay: Wake, shared: &Shared) -> Self {
        let own_host = Url::parse(shared.verifier.issuer()).ok();
        let own_host = own_host.as_ref().and_then(Url::host_str).unwrap_or_default().to_owned();
        Self(Arc::new(Inner {
            db,
            clock: shared.clock.clone(),
            relay,
            peers: shared.peers.clone(),
            settings,
            own_host,
            public_url: shared.verifier.issuer().trim_end_matches('/').to_owned(),
            sink,
            viewed: watch::Sender::new(0),
            streams: Arc::new(Semaphore::new(STREAMS)),
            shutdown: shared.shutdown.clone(),
            access: Access::from(shared),
        }))
    }

    /// The day it is on this site.
    pub(crate) fn today(&self) -> Date {
        let zone = UtcOffset::from_whole_seconds(self.settings.utc_offset_minutes * 60).unwrap_or(UtcOffset::UTC);
        day::of(self.clock.now(), zone)
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
