//! Notes what is made of kept texts and is not there yet: after an update from a version that did not note it, and after
//! a restore. Whoever asks before finds it all the same, but waits for it.

use std::time::Duration;

use kit::{Shared, db::Db, error::Chain};

use crate::store::revision_images;

/// Looked for again this often: nobody says when a restore was here.
const EVERY: Duration = Duration::from_secs(30);

/// Starts it as a background task that ends at shutdown.
pub(crate) fn spawn(db: Db, shared: &Shared) {
    shared.tasks.spawn(shared.shutdown.clone().run_until_cancelled_owned(async move {
        loop {
            if let Err(error) = revision_images::note_missing(&db).await {
                tracing::error!(cause = %Chain(&error), "images of old revisions could not be noted");
            }
            tokio::time::sleep(EVERY).await;
        }
    }));
}
