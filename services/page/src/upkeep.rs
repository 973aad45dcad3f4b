//! What happens by itself: the trash is emptied after 30 days.

use std::time::Duration;

use contracts::events::PageDeleted;
use kit::{Shared, db::Db, error::Chain, events::outbox};
use sea_orm::DbErr;

use crate::{app::App, store::pages};

/// How often.
const EVERY: Duration = Duration::from_secs(3600);
/// How long something stays in the trash.
const IN_TRASH_MS: i64 = 30 * 24 * 3600 * 1000;

/// Tidies once an hour until shutdown.
pub(crate) fn spawn(app: &App, shared: &Shared) {
    let (app, shutdown) = (app.clone(), shared.shutdown.clone());
    shared.tasks.spawn(shutdown.run_until_cancelled_owned(async move {
        loop {
            if let Err(error) = step(&app.db, app.clock.millis()).await {
                tracing::error!(cause = %Chain(&error), "the trash of pages could not be emptied");
            }
            app.relay.wake();
            tokio::time::sleep(EVERY).await;
        }
    }));
}

/// Ends what has been in the trash for 30 days at `now`.
///
/// # Errors
/// When the database refuses it.
pub async fn step(db: &Db, now: i64) -> Result<(), DbErr> {
    for id in pages::due(db.read(), now - IN_TRASH_MS).await? {
        purge(db, &id, now).await?;
    }
    Ok(())
}

/// Ends one page that is in the trash. False when it is not.
pub(crate) async fn purge(db: &Db, id: &str, now: i64) -> Result<bool, DbErr> {
    let tx = db.begin().await?;
    let Some(page) = pages::lock(&tx, id).await?.filter(pages::Current::is_trashed) else { return Ok(false) };
    pages::purge(&tx, id).await?;
    outbox::add(&tx, id, &PageDeleted { page_id: id.to_owned(), slug: page.slug }, now).await?;
    tx.commit().await?;
    Ok(true)
}
