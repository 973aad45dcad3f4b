//! What happens by itself: the trash is emptied after 30 days, what is over is forgotten.

use std::time::Duration;

use kit::{Shared, db::Db, error::Chain};
use sea_orm::DbErr;

use crate::{
    answers,
    app::App,
    counting::{self, Change},
    store::{bans, buckets, comments, posts, purge},
};

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
                tracing::error!(cause = %Chain(&error), "comments could not be tidied");
            }
            answers::forget(&app).await;
            app.relay.wake();
            tokio::time::sleep(EVERY).await;
        }
    }));
}

/// Does what is due at `now`.
///
/// # Errors
/// When the database refuses it.
pub async fn step(db: &Db, now: i64) -> Result<(), DbErr> {
    loop {
        let due = purge::due(db.read(), now - IN_TRASH_MS).await?;
        if due.is_empty() {
            break;
        }
        for id in due {
            purge_comment(db, &id, now).await?;
        }
    }
    buckets::tidy(db.write(), now).await?;
    bans::tidy(db.write(), now).await
}

/// Ends one comment that is in the trash. False when it is not.
pub(crate) async fn purge_comment(db: &Db, id: &str, now: i64) -> Result<bool, DbErr> {
    let Some(comment) = comments::by_id(db.read(), id, "").await? else { return Ok(false) };
    let tx = db.begin().await?;
    let Some(post) = posts::lock(&tx, &comment.post_id).await? else { return Ok(false) };
    let Some(_) = comments::lock(&tx, id, "").await?.filter(|comment| comment.is_in_trash()) else { return Ok(false) };
    purge::comment(&tx, id).await?;
    counting::comments(&tx, &post, id, Change::Purged, now).await?;
    tx.commit().await?;
    Ok(true)
}
