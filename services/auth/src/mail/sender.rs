//! Sends what waits, in the background.

use std::{sync::Arc, time::Duration};

use kit::{Shared, db::is_away, error::Chain};
use sea_orm::DbErr;
use tokio::sync::Notify;

use super::{
    transport::{Outbox, SendError},
    wishes,
};
use crate::{
    app::App,
    store::mails::{self, Waiting},
};

/// It looks by itself this often, for mails whose time has come.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Longer than an attempt takes: another replica may try then.
const ATTEMPT_MS: i64 = 2 * 60 * 1000;
/// Longest pause between two attempts.
const MAX_PAUSE_MS: i64 = 60 * 60 * 1000;

/// Tells the sender that there may be something new.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sender(Arc<Notify>);

impl Sender {
    /// Call after the commit.
    pub(crate) fn wake(&self) {
        self.0.notify_one();
    }
}

/// Starts the sender as a background task that ends at shutdown.
pub(crate) fn spawn(app: App, outbox: Outbox, shared: &Shared) {
    let shutdown = shared.shutdown.clone();
    shared.tasks.spawn(shutdown.run_until_cancelled_owned(async move {
        loop {
            match step(&app, &outbox).await {
                Err(error) if is_away(&error) => tracing::warn!(cause = %Chain(&error), "mails wait for the database"),
                Err(error) => tracing::error!(cause = %Chain(&error), "the mail queue could not be used"),
                Ok(()) => {}
            }
            // Whichever comes first.
            let _ = tokio::time::timeout(LOOK_EVERY, app.sender.0.notified()).await;
        }
    }));
}

async fn step(app: &App, outbox: &Outbox) -> Result<(), DbErr> {
    wishes::fulfil(app).await?;
    loop {
        let due = mails::due(app.db.read(), app.clock.millis()).await?;
        if due.is_empty() {
            return Ok(());
        }
        for mail in due {
            if mails::claim(app.db.write(), &mail, app.clock.millis() + ATTEMPT_MS).await? {
                send(app, outbox, &mail).await?;
            }
        }
    }
}

async fn send(app: &App, outbox: &Outbox, mail: &Waiting) -> Result<(), DbErr> {
    let (db, now) = (app.db.write(), app.clock.millis());
    if mail.expires_at <= now {
        tracing::warn!(mail = %mail.id, "a mail was not sent in time to be of use");
        return mails::fail(db, &mail.id, "it was not sent in time to be of use", now).await;
    }
    match outbox.send(mail).await {
        Ok(()) => mails::sent(db, &mail.id).await,
        Err(SendError::Never(cause)) => {
            tracing::warn!(mail = %mail.id, cause, "a mail was refused");
            mails::fail(db, &mail.id, &cause, now).await
        }
        Err(SendError::Later(cause)) => {
            tracing::warn!(mail = %mail.id, attempts = mail.attempts + 1, cause, "a mail was not sent; it will be tried again");
            mails::postpone(db, &mail.id, now + pause(mail.attempts), &cause).await
        }
    }
}

/// Doubles from five seconds.
fn pause(attempts: i32) -> i64 {
    let doublings = u32::try_from(attempts.clamp(0, 20)).unwrap_or_default();
    (5_000_i64 << doublings).min(MAX_PAUSE_MS)
}

#[cfg(test)]
mod tests {
    use super::{MAX_PAUSE_MS, pause};

    #[test]
    fn pauses_grow_to_a_limit() {
        assert_eq!((pause(0), pause(1), pause(1000)), (5_000, 10_000, MAX_PAUSE_MS));
    }
}
