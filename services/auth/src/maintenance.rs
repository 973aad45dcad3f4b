//! What has to be done from time to time: forgetting what has ended, giving keys their turn, hearing of what was missed.

use std::time::Duration;

use contracts::auth::Maintained;
use kit::{Shared, error::Chain};

use crate::{
    app::App,
    keyring::KeyringError,
    store::{audit, invitations, links, mails, oidc, registrations, revocations, sessions, throttle},
};

const EVERY: Duration = Duration::from_secs(60);
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Used and ended invitations and mails that failed are shown for so long.
const SHOWN_MS: i64 = 30 * DAY_MS;

/// Starts the background task, which ends at shutdown.
pub(crate) fn spawn(app: App, shared: &Shared) {
    let shutdown = shared.shutdown.clone();
    shared.tasks.spawn(shutdown.run_until_cancelled_owned(async move {
        loop {
            tokio::time::sleep(EVERY).await;
            if let Err(error) = step(&app).await {
                tracing::warn!(cause = %Chain(&error), "maintenance failed; it is tried again in a minute");
            }
        }
    }));
}

/// Does it all once.
pub(crate) async fn step(app: &App) -> Result<Maintained, KeyringError> {
    let (db, now) = (app.db.write(), app.clock.millis());
    let mut pruned = audit::prune(db, now - i64::from(app.audit_days) * DAY_MS).await?;
    pruned += registrations::prune(db, now).await?;
    pruned += links::prune(db, now).await?;
    pruned += sessions::prune(db, now).await?;
    pruned += oidc::prune(db, now).await?;
    pruned += throttle::prune(db, now).await?;
    pruned += revocations::prune(db, now).await?;
    pruned += invitations::prune(db, now - SHOWN_MS).await?;
    pruned += mails::prune(db, now - SHOWN_MS).await?;
    // What another replica revoked, should its event not have come here.
    app.verifier.revoke(&revocations::recent(db, now).await?).await;
    let (keys_made, keys_removed) = app.keyring.maintain(&app.db, now).await?;
    Ok(Maintained { pruned, keys_made, keys_removed })
}
