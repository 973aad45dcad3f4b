//! What other services tell: posts that change or go, users that change or go.

use std::sync::Arc;

use contracts::events::{
    PostCreated, PostDeleted, PostFacts, PostPublished, PostRestored, PostTrashed, PostUpdated, UserDeleted,
    UserProfileUpdated,
};
use kit::{
    Shared,
    events::consumer::{Consumer, Failure, Handling},
};
use sea_orm::DatabaseTransaction;

use crate::{
    answers,
    app::App,
    counting::{self, Change},
    store::{authors, bookmarks, likes, posts, purge},
};

/// Registers the consumer.
pub(crate) fn subscribe(app: &App, shared: &Shared) -> Arc<Consumer> {
    let (clock, wake) = (app.clock.clone(), app.relay.clone());
    let after = app.clone();
    Consumer::new("content", app.db.clone(), app.clock.clone())
        .on::<PostCreated>(|tx, message, event| learn(tx, event.post, message.sequence))
        .on::<PostPublished>(|tx, message, event| learn(tx, event.post, message.sequence))
        .on::<PostUpdated>(|tx, message, event| learn(tx, event.post, message.sequence))
        .on::<PostTrashed>(|tx, message, event| learn(tx, event.post, message.sequence))
        .on::<PostRestored>(|tx, message, event| learn(tx, event.post, message.sequence))
        .on::<PostDeleted>(|tx, message, event| {
            Box::pin(async move { Ok(posts::purge(tx, &event.post_id, message.sequence).await?) })
        })
        .on::<UserProfileUpdated>(|tx, _, event| {
            Box::pin(async move { Ok(authors::set(tx, &event.user_id, &event.name, event.avatar.as_deref()).await?) })
        })
        .on::<UserDeleted>(move |tx, _, event| {
            let now = clock.millis();
            Box::pin(async move { forget(tx, &event, now).await })
        })
        .after_commit(move |message| {
            wake.wake();
            let app = after.clone();
            Box::pin(async move {
                app.comments_allowed.invalidate(&message.aggregate_id).await;
                answers::forget(&app).await;
            })
        })
        .subscribe(shared)
}

fn learn(tx: &DatabaseTransaction, post: PostFacts, sequence: i64) -> Handling<'_> {
    Box::pin(async move { Ok(posts::learn(tx, &post, sequence).await?) })
}

/// What an account leaves behind: its words under nobody's name, or nothing.
async fn forget(tx: &DatabaseTransaction, event: &UserDeleted, now: i64) -> Result<(), Failure> {
    let user = event.user_id.as_str();
    bookmarks::forget(tx, user).await?;
    authors::forget(tx, user).await?;
    if event.keep_content {
        return Ok(purge::forget_addresses(tx, user).await?);
    }
    let actor = format!("user:{user}");
    let commented = purge::posts_of(tx, user).await?;
    let liked = likes::posts_of(tx, &actor).await?;
    // All locks first and in one order, as everybody takes them: post before comment.
    let mut ids: Vec<&String> = commented.keys().chain(&liked).collect();
    ids.sort();
    ids.dedup();
    let mut concerned = Vec::with_capacity(ids.len());
    for id in ids {
        concerned.extend(posts::lock(tx, id).await?);
    }
    purge::all_of(tx, user).await?;
    likes::forget_comments(tx, &actor).await?;
    for post in &concerned {
        if let Some(last) = commented.get(&post.id) {
            // The comments of one post go together, and one event tells of them.
            counting::comments(tx, post, last, Change::Purged, now).await?;
        }
        if liked.contains(&post.id) {
            let (_, difference) = likes::set(tx, likes::Likeable::Post, &post.id, &actor, Some(false), now).await?;
            counting::likes(tx, post, difference, now).await?;
        }
    }
    Ok(())
}
