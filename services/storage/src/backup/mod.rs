//! Backups of the whole site, and bringing them back.
//!
//! Both are jobs with a row in the database. Whoever works on one holds a lease on the row; a process
//! that dies leaves it to the next.

pub(crate) mod archive;
mod make;
mod restore;

use std::time::Duration;

use crate::{
    app::App,
    store::{backups, sagas},
};

/// Any error of a job; its cause goes to the log and, as a sentence, into the row.
pub(crate) type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// A job that nobody renewed for so long is taken up by another.
const LEASE_MS: i64 = 60_000;
const RENEW_EVERY: Duration = Duration::from_secs(15);

/// Works on everything that is due.
pub(crate) async fn work(app: &App) -> Result<(), AnyError> {
    loop {
        let now = app.clock.millis();
        if let Some(job) = backups::claim(&app.db, &app.worker, now, now + LEASE_MS).await? {
            held(app, "backups", &job.id, make::run(app, &job)).await?;
            continue;
        }
        match sagas::claim(&app.db, &app.worker, now, now + LEASE_MS).await? {
            Some(saga) => held(app, "sagas", &saga.id, restore::run(app, &saga)).await?,
            None => return Ok(()),
        }
    }
}

/// Works on a job and renews its lease meanwhile.
async fn held(
    app: &App,
    table: &'static str,
    id: &str,
    work: impl Future<Output = Result<(), AnyError>>,
) -> Result<(), AnyError> {
    let renewing = async {
        loop {
            tokio::time::sleep(RENEW_EVERY).await;
            let until = app.clock.millis() + LEASE_MS;
            if let Err(error) = sagas::renew(&app.db, table, id, &app.worker, until).await {
                tracing::warn!(cause = %error, "a lease could not be renewed");
            }
        }
    };
    tokio::select! {
        done = work => done,
        () = renewing => Ok(()),
    }
}
