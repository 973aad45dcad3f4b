//! What events of other services do here.

use std::sync::Arc;

use contracts::events::{
    CommentCreated, CommentDeleted, Event, LikeToggled, PostViewsCounted, UserDeleted, UserProfileUpdated,
};
use kit::{
    Shared,
    events::{
        Message,
        consumer::{Consumer, Failure},
    },
};
use sea_orm::{DatabaseTransaction, DbErr};

use crate::{
    app::{App, POSTS, lock},
    changes::{drafts, life},
    store::{
        authors,
        change::{self, Count},
        drafts::Whose,
        posts,
    },
};

/// Joins the bus.
pub(crate) fn subscribe(app: &App, shared: &Shared) -> Arc<Consumer> {
    let (clock, after) = (app.clock.clone(), app.clone());
    Consumer::new("blog", app.db.clone(), app.clock.clone())
        .on::<UserProfileUpdated>(|tx, _, event| {
            Box::pin(async move { Ok(authors::set(tx, &event.user_id, &event.name, event.avatar.as_deref()).await?) })
        })
        .on::<UserDeleted>(move |tx, _, event| {
            let now = clock.millis();
            Box::pin(async move { Ok(forget(tx, &event, now).await?) })
        })
        .on::<PostViewsCounted>(|tx, message, event| {
            let total = i64::try_from(event.views).unwrap_or(i64::MAX);
            Box::pin(count(tx, message, Count::Views, event.post_id, total))
        })
        .on::<LikeToggled>(|tx, message, event| {
            Box::pin(count(tx, message, Count::Likes, event.post_id, event.likes.into()))
        })
        .on::<CommentCreated>(|tx, message, event| {
            Box::pin(count(tx, message, Count::Comments, event.post_id, event.comments.into()))
        })
        .on::<CommentDeleted>(|tx, message, event| {
            Box::pin(count(tx, message, Count::Comments, event.post_id, event.comments.into()))
        })
        .after_commit(move |message| {
            let app = after.clone();
            Box::pin(async move {
                // Posts went to the trash: they have events of their own, and their terms count anew.
                if message.kind == UserDeleted::KIND {
                    app.committed().await;
                } else {
                    app.cache.forget_tag(POSTS).await;
                }
            })
        })
        .subscribe(shared)
}

/// A total that another service counts. Several kinds of events bring the same total, so that the
/// sequence that counts stands beside it.
async fn count(
    tx: &DatabaseTransaction,
    message: &Message,
    count: Count,
    post_id: String,
    total: i64,
) -> Result<(), Failure> {
    Ok(change::set_count(tx, count, &post_id, total, message.sequence).await?)
}

/// Somebody deleted their account: their name goes, and unless they leave what they wrote, so do
/// their posts, to the trash, and their drafts.
async fn forget(tx: &DatabaseTransaction, event: &UserDeleted, now: i64) -> Result<(), DbErr> {
    lock(tx).await?;
    authors::forget(tx, &event.user_id).await?;
    if event.keep_content {
        return Ok(());
    }
    for id in change::of_author(tx, &event.user_id).await? {
        if let Some(post) = posts::current_by_id(tx, &id).await? {
            life::trash(tx, &post, now).await?;
        }
    }
    drafts::delete_all(tx, Whose::Author(&event.user_id), now).await
}
