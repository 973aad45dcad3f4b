//! Keeps the copies of author names fresh.

use std::sync::Arc;

use contracts::events::{UserDeleted, UserProfileUpdated};
use kit::{Shared, events::consumer::Consumer};

use crate::{app::App, store::authors};

/// Registers the consumer. Pages are the site's: they stay when the account that wrote them goes.
pub(crate) fn subscribe(app: &App, shared: &Shared) -> Arc<Consumer> {
    Consumer::new("page", app.db.clone(), app.clock.clone())
        .on::<UserProfileUpdated>(|tx, _, event| {
            Box::pin(async move { Ok(authors::set(tx, &event.user_id, &event.name, event.avatar.as_deref()).await?) })
        })
        .on::<UserDeleted>(|tx, _, event| Box::pin(async move { Ok(authors::forget(tx, &event.user_id).await?) }))
        .subscribe(shared)
}
