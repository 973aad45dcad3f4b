//! Makes the HTML of stored posts anew when the Markdown pipeline is another one, or when something was
//! missing the last time. Which posts are left is in the database, so it goes on where it was stopped.

use std::time::Duration;

use contracts::{blog::PostStatus, events::PostUpdated};
use kit::{Shared, error::Chain, events::outbox};
use markdown::RenderFailed;
use sea_orm::DbErr;

use crate::{
    app::App,
    rendering::attempt,
    store::{
        facts,
        texts::{self, Outdated},
    },
};

/// Texts looked for again this often.
const EVERY: Duration = Duration::from_secs(30);
/// Texts read at once.
const BATCH: u32 = 20;

/// Why it stopped this time.
#[derive(Debug, thiserror::Error)]
enum RerenderError {
    #[error("the database could not be used")]
    Database(#[from] DbErr),
    #[error(transparent)]
    Text(#[from] RenderFailed),
}

/// Starts it as a background task that ends at shutdown.
pub(crate) fn spawn(app: App, shared: &Shared) {
    shared.tasks.spawn(shared.shutdown.clone().run_until_cancelled_owned(async move {
        loop {
            if let Err(error) = all(&app).await {
                tracing::error!(cause = %Chain(&error), "old texts could not be rendered anew");
            }
            tokio::time::sleep(EVERY).await;
        }
    }));
}

/// Every outdated text once.
async fn all(app: &App) -> Result<(), RerenderError> {
    let mut after = String::new();
    loop {
        let batch = texts::outdated(&app.db, &after, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(()) };
        after.clone_from(&last.post_id);
        for text in batch {
            one(app, &text).await?;
            // Who writes or reads goes first.
            tokio::task::yield_now().await;
        }
    }
}

async fn one(app: &App, text: &Outdated) -> Result<(), RerenderError> {
    let rendered = attempt(app, &text.content, Some(&text.locale)).await?;
    let tx = app.begin().await?;
    let changed = texts::replace(&tx, text, &rendered).await?;
    if changed && text.status == PostStatus::Public.as_str() {
        // Whoever keeps the page shall not keep the old one.
        let post = facts::of(&tx, &text.post_id).await?;
        outbox::add(&tx, &text.post_id, &PostUpdated { post, old_slug: None }, app.clock.millis()).await?;
    }
    Ok(app.commit(tx).await?)
}
