//! What every route has at hand.

use axum::extract::FromRef;
use kit::{Clock, Shared, auth::Access, db::Db};

/// State of the router.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    access: Access,
}

impl App {
    pub(crate) fn new(db: Db, shared: &Shared) -> Self {
        Self { db, clock: shared.clock.clone(), access: Access::from(shared) }
    }
}

impl FromRef<App> for Access {
    fn from_ref(app: &App) -> Self {
        app.access.clone()
    }
}
