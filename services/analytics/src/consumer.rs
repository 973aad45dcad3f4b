//! What other services tell: posts, pages, comments, likes, accounts.

use std::sync::Arc;

use contracts::events::{
    CommentCreated, CommentDeleted, ImagesUsed, LikeToggled, PageCreated, PageDeleted, PageUpdated, PostCreated,
    PostDeleted, PostFacts, PostPublished, PostRestored, PostTrashed, PostUpdated, UserDeleted,
};
use kit::{
    Shared,
    db::Db,
    events::{consumer::Consumer, outbox, relay::Wake},
};
use sea_orm::{DatabaseTransaction, DbErr};

use crate::store::{
    bugs, facts,
    targets::{self, Facts, Kind},
};

/// Subscribes the service.
pub(crate) fn subscribe(db: Db, relay: Wake, shared: &Shared) -> Arc<Consumer> {
    let clock = shared.clock.clone();
    Consumer::new("analytics", db, shared.clock.clone())
        .on::<PostCreated>(|tx, message, event| {
            Box::pin(async move { Ok(post(tx, &event.post, message.sequence).await?) })
        })
        .on::<PostPublished>(|tx, message, event| {
            Box::pin(async move { Ok(post(tx, &event.post, message.sequence).await?) })
        })
        .on::<PostUpdated>(|tx, message, event| {
            Box::pin(async move { Ok(post(tx, &event.post, message.sequence).await?) })
        })
        .on::<PostTrashed>(|tx, message, event| {
            Box::pin(async move { Ok(post(tx, &event.post, message.sequence).await?) })
        })
        .on::<PostRestored>(|tx, message, event| {
            Box::pin(async move { Ok(post(tx, &event.post, message.sequence).await?) })
        })
        .on::<PostDeleted>(|tx, _, event| {
            Box::pin(async move { Ok(targets::remove(tx, Kind::Post, &event.post_id).await?) })
        })
        .on::<PageCreated>(|tx, message, event| {
            Box::pin(async move { Ok(targets::mark_page(tx, &event.page_id, &event.slug, message.sequence).await?) })
        })
        .on::<PageUpdated>(|tx, message, event| {
            Box::pin(async move { Ok(targets::mark_page(tx, &event.page_id, &event.slug, message.sequence).await?) })
        })
        .on::<PageDeleted>(|tx, _, event| {
            Box::pin(async move { Ok(targets::remove(tx, Kind::Page, &event.page_id).await?) })
        })
        .on::<CommentCreated>(|tx, message, event| {
            Box::pin(async move { Ok(facts::comments(tx, &event.post_id, event.comments, message.sequence).await?) })
        })
        .on::<CommentDeleted>(|tx, message, event| {
            Box::pin(async move { Ok(facts::comments(tx, &event.post_id, event.comments, message.sequence).await?) })
        })
        .on::<LikeToggled>(|tx, message, event| {
            Box::pin(async move { Ok(facts::likes(tx, &event.post_id, event.likes, message.sequence).await?) })
        })
        .on::<UserDeleted>(move |tx, _, event| {
            let now = clock.millis();
            Box::pin(async move { Ok(forget(tx, &event, now).await?) })
        })
        .after_commit(move |message| {
            // Its screenshots are let go.
            if message.kind == "user.deleted" {
                relay.wake();
            }
            Box::pin(async {})
        })
        .subscribe(shared)
}

async fn post(tx: &DatabaseTransaction, post: &PostFacts, sequence: i64) -> Result<(), DbErr> {
    let facts = Facts {
        kind: Kind::Post,
        id: &post.post_id,
        slug: &post.slug,
        url: &format!("/posts/{}", post.slug),
        title: &post.title,
        author_id: Some(&post.author_id).filter(|id| !id.is_empty()).map(String::as_str),
        status: post.status.as_str(),
    };
    targets::apply(tx, &facts, sequence).await
}

/// Nobody can tell any more whose reports they were; of one who takes everything along, the
/// screenshots go too.
async fn forget(tx: &DatabaseTransaction, event: &UserDeleted, now: i64) -> Result<(), DbErr> {
    if !event.keep_content {
        for id in bugs::drop_screenshots(tx, &event.user_id, now).await? {
            let used = ImagesUsed { by: "bug_report".to_owned(), id: id.clone(), images: Vec::new() };
            outbox::add(tx, &id, &used, now).await?;
        }
    }
    bugs::anonymise(tx, &event.user_id).await
}
