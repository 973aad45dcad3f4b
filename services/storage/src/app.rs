//! What every route has at hand.

use std::sync::Arc;

use axum::extract::FromRef;
use kit::{Clock, Shared, auth::Access, db::Db};
use object_store::ObjectStore;

/// State of the router.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) db: Db,
    pub(crate) objects: Arc<dyn ObjectStore>,
    pub(crate) clock: Clock,
    access: Access,
}

impl App {
    pub(crate) fn new(db: Db, objects: Arc<dyn ObjectStore>, shared: &Shared) -> Self {
        Self { db, objects, clock: shared.clock.clone(), access: Access::from(shared) }
    }
}

impl FromRef<App> for Access {
    fn from_ref(app: &App) -> Self {
        app.access.clone()
    }
}
