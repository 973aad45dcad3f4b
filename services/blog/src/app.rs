//! What every route has at hand.

use axum::extract::FromRef;
use kit::{ApiError, ApiResult, Clock, Shared, auth::Access, cache::Cache, db::Db, events::relay::Wake, peers::Peers};
use markdown::Renderer;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr};

use crate::{feeds::Site, search::Search, store::list::Turns};

/// What a site is called that nobody named.
const DEFAULT_NAME: &str = "Maru";

/// What is cached of categories and tags.
pub(crate) const TERMS: &str = "terms";

/// What is cached of posts, their counts and authors included.
pub(crate) const POSTS: &str = "posts";

/// On PostgreSQL those who write posts and terms take turns, those who change the triggers on them too: a
/// constant of our own.
pub(crate) const WRITERS: &str = "SELECT pg_advisory_xact_lock(5568212)";

/// State of the router.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) peers: Peers,
    pub(crate) cache: Cache,
    pub(crate) renderer: Renderer,
    pub(crate) site: Site,
    pub(crate) scans: Turns,
    search: Option<Search>,
    access: Access,
    wake: Wake,
}

impl App {
    pub(crate) fn new(db: Db, shared: &Shared, wake: Wake) -> Self {
        Self {
            db,
            clock: shared.clock.clone(),
            peers: shared.peers.clone(),
            cache: shared.cache.scoped("blog"),
            renderer: Renderer::new(),
            site: Site::new(shared.verifier.issuer(), DEFAULT_NAME),
            scans: Turns::new(),
            search: None,
            access: Access::from(shared),
            wake,
        }
    }

    /// The same with a search, on a site of that name.
    pub(crate) fn serving(self, search: Search, name: Option<&str>) -> Self {
        Self { site: self.site.named(name.unwrap_or(DEFAULT_NAME)), search: Some(search), ..self }
    }

    /// The search, in a process that has one.
    pub(crate) fn search(&self) -> ApiResult<&Search> {
        self.search.as_ref().ok_or_else(|| ApiError::unavailable("no search was started here"))
    }

    /// A transaction that changes posts or terms.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        begin(&self.db).await
    }

    /// Commits what was begun, sends its events on their way, and forgets the answers about posts and
    /// terms, which it may have changed or counted anew.
    pub(crate) async fn commit(&self, tx: DatabaseTransaction) -> Result<(), DbErr> {
        tx.commit().await?;
        self.committed().await;
        Ok(())
    }

    /// Commits what changed neither posts nor terms, and sends its events on their way.
    pub(crate) async fn send(&self, tx: DatabaseTransaction) -> Result<(), DbErr> {
        tx.commit().await?;
        self.wake.wake();
        Ok(())
    }

    /// What follows from a commit.
    pub(crate) async fn committed(&self) {
        self.wake.wake();
        forget(&self.cache).await;
    }
}

/// Forgets the answers about posts and terms.
pub(crate) async fn forget(cache: &Cache) {
    cache.forget_tag(TERMS).await;
    cache.forget_tag(POSTS).await;
}

/// A transaction that changes posts or terms. There is one at a time: addresses are unique, and terms
/// count posts, so that two would wait for each other anyway, and not always in the same order. SQLite
/// has one writer by itself.
pub(crate) async fn begin(db: &Db) -> Result<DatabaseTransaction, DbErr> {
    let tx = db.begin().await?;
    lock(&tx).await?;
    Ok(tx)
}

/// Makes a transaction that has begun the one that changes posts or terms.
pub(crate) async fn lock(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    if tx.get_database_backend() == DbBackend::Postgres {
        // Any constant will do, as long as all replicas use the same.
        tx.execute_unprepared(WRITERS).await?;
    }
    Ok(())
}

impl FromRef<App> for Access {
    fn from_ref(app: &App) -> Self {
        app.access.clone()
    }
}
