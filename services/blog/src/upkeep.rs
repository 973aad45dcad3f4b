//! What happens by itself: scheduled posts become public, old trash goes.

use std::time::Duration;

use kit::{Shared, db::Db, error::Chain, events::relay::Wake};
use sea_orm::DbErr;

use crate::{
    app::App,
    changes::life,
    store::{change, posts},
};

/// How often it is looked for posts whose time has come.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many looks there are between two at the trash: an hour.
const LOOKS_PER_SWEEP: u32 = 3600;
/// How long a post stays in the trash: 30 days, in milliseconds.
const TRASH_KEPT: i64 = 30 * 24 * 60 * 60 * 1000;
/// How many posts are taken at a time.
const BATCH: i64 = 100;

/// The background work of one process. Any number of processes may do it on the same database.
#[derive(Clone)]
pub struct Upkeep {
    app: App,
}

impl Upkeep {
    /// On this database, by the process's clock.
    pub fn new(db: Db, shared: &Shared, wake: Wake) -> Self {
        Self::of(App::new(db, shared, wake))
    }

    pub(crate) fn of(app: App) -> Self {
        Self { app }
    }

    /// Starts it; it ends at shutdown.
    pub(crate) fn spawn(self, shared: &Shared) {
        let shutdown = shared.shutdown.clone();
        shared.tasks.spawn(shutdown.run_until_cancelled_owned(async move {
            for look in (0..LOOKS_PER_SWEEP).cycle() {
                if let Err(error) = self.publish_due().await {
                    tracing::error!(cause = %Chain(&error), "scheduled posts could not be published");
                }
                if look == 0
                    && let Err(error) = self.purge_trash().await
                {
                    tracing::error!(cause = %Chain(&error), "the trash could not be emptied");
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }));
    }

    /// Publishes every post whose time has come, also those of the time when nobody was here to do it.
    /// Answers how many this call published.
    ///
    /// # Errors
    /// When the database does not answer; what is published stays so.
    pub async fn publish_due(&self) -> Result<u32, DbErr> {
        let mut published = 0;
        loop {
            let due = change::due(&self.app.db, self.app.clock.millis(), BATCH).await?;
            if due.is_empty() {
                return Ok(published);
            }
            for id in due {
                let tx = self.app.begin().await?;
                let fired = life::fire(&tx, &id, self.app.clock.millis()).await?;
                self.app.commit(tx).await?;
                published += u32::from(fired);
            }
        }
    }

    /// Removes for good what was thrown away 30 days ago. Answers how many posts went.
    ///
    /// # Errors
    /// When the database does not answer; what is gone stays so.
    pub async fn purge_trash(&self) -> Result<u32, DbErr> {
        let mut purged = 0;
        loop {
            let now = self.app.clock.millis();
            let old = change::thrown_away(&self.app.db, now - TRASH_KEPT, BATCH).await?;
            if old.is_empty() {
                return Ok(purged);
            }
            for id in old {
                let tx = self.app.begin().await?;
                // Restored or purged by somebody else meanwhile?
                if let Some(post) = posts::current_by_id(&tx, &id).await?
                    && post.trashed_before(now - TRASH_KEPT)
                {
                    life::purge(&tx, &post, now).await?;
                    purged += 1;
                }
                self.app.commit(tx).await?;
            }
        }
    }
}
