//! What happens by itself: counting, telling totals, forgetting.

use std::time::Duration;

use kit::{Shared, error::Chain};
use sea_orm::DbErr;

use crate::{
    app::App,
    domain::day,
    reconcile,
    store::{retention, rollup, targets, tell},
};

const COUNT_EVERY: Duration = Duration::from_secs(10);
const TELL_EVERY: Duration = Duration::from_secs(5 * 60);
const FORGET_EVERY: Duration = Duration::from_secs(60 * 60);
/// Single views are kept for today and so many days before.
const VIEW_DAYS: i64 = 2;
/// A guest's reports are counted together for so long.
pub(crate) const GUEST_MS: i64 = 24 * 60 * 60 * 1000;

/// Starts them as background tasks that end at shutdown.
pub(crate) fn spawn(app: &App, shared: &Shared) {
    every(COUNT_EVERY, app, shared, "counting", |app| async move { rollup::run(&app.db).await.map(|_| ()) });
    every(TELL_EVERY, app, shared, "telling totals", |app| async move { tell_totals(&app).await.map(|_| ()) });
    let first = app.clone();
    shared.tasks.spawn(shared.shutdown.clone().run_until_cancelled_owned(async move {
        tokio::time::sleep(COUNT_EVERY).await;
        // A site that is older than this service: no event tells of the posts it has.
        match targets::is_empty(&first.db).await {
            Ok(true) => {
                if let Err(error) = reconcile::run(&first).await {
                    tracing::warn!(?error, "the posts there are could not be asked for yet");
                }
            }
            Ok(false) => {}
            Err(error) => tracing::warn!(cause = %Chain(&error), "the posts there are could not be asked for yet"),
        }
    }));
    every(FORGET_EVERY, app, shared, "forgetting", |app| async move { forget(&app).await });
}

fn every<W>(pause: Duration, app: &App, shared: &Shared, what: &'static str, step: impl Fn(App) -> W + Send + 'static)
where
    W: Future<Output = Result<(), DbErr>> + Send,
{
    let app = app.clone();
    shared.tasks.spawn(shared.shutdown.clone().run_until_cancelled_owned(async move {
        loop {
            tokio::time::sleep(pause).await;
            if let Err(error) = step(app.clone()).await {
                tracing::error!(cause = %Chain(&error), "{what} failed; it will be tried again");
            }
        }
    }));
}

/// Counts, and tells others the totals that changed. Says how many.
pub(crate) async fn tell_totals(app: &App) -> Result<u32, DbErr> {
    rollup::run(&app.db).await?;
    let told = tell::run(&app.db, app.clock.millis()).await?;
    if told > 0 {
        app.relay.wake();
    }
    Ok(told)
}

/// Counts, and forgets what is over.
pub(crate) async fn forget(app: &App) -> Result<(), DbErr> {
    rollup::run(&app.db).await?;
    let today = app.today();
    let ends = retention::Ends {
        salts: day::text(day::before(today, 1)),
        views: day::text(day::before(today, VIEW_DAYS)),
        rollups: day::text(day::before(today, i64::from(app.settings.retention_days))),
        guests: app.clock.millis() - GUEST_MS,
    };
    retention::run(&app.db, &ends).await
}
