//! What every route and task has at hand.

use std::sync::Arc;

use axum::extract::FromRef;
use kit::{ApiError, ApiResult, Clock, Shared, auth::Access, db::Db, id, peers::Peers};
use object_store::ObjectStore;
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;
use tracing::{Instrument, Span};

use crate::{Settings, domain::pool::Pool, store::locks::Turns};

/// State of the router.
#[derive(Clone)]
pub(crate) struct App(Arc<Inner>);

/// See [`App`].
pub(crate) struct Inner {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) peers: Peers,
    pub(crate) settings: Settings,
    pub(crate) images: Arc<dyn ObjectStore>,
    pub(crate) archives: Arc<dyn ObjectStore>,
    pub(crate) pool: Pool,
    /// Of uploaders, each after the one before.
    pub(crate) turns: Turns,
    /// Smaller images are to be made.
    pub(crate) to_make: Notify,
    /// A backup or restore is to be worked on.
    pub(crate) to_move: Notify,
    /// This process, among those that work on backups.
    pub(crate) worker: String,
    access: Access,
    tasks: TaskTracker,
}

impl App {
    pub(crate) fn new(
        db: Db,
        settings: Settings,
        images: Arc<dyn ObjectStore>,
        archives: Arc<dyn ObjectStore>,
        shared: &Shared,
    ) -> Self {
        Self(Arc::new(Inner {
            db,
            clock: shared.clock.clone(),
            peers: shared.peers.clone(),
            settings,
            images,
            archives,
            pool: Pool::new(),
            turns: Turns::new(),
            to_make: Notify::new(),
            to_move: Notify::new(),
            worker: id::new(),
            access: Access::from(shared),
            tasks: shared.tasks.clone(),
        }))
    }

    /// Does what must not end half done: it goes on when whoever asked for it has left.
    pub(crate) async fn to_the_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = ApiResult<T>> + Send + 'static,
    ) -> ApiResult<T> {
        self.tasks.spawn(work.instrument(Span::current())).await.map_err(ApiError::internal)?
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
