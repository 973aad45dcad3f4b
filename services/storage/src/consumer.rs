//! What other services tell: which images posts, pages, profiles and bug reports use.

use std::{collections::BTreeSet, sync::Arc};

use contracts::events::{
    ImagesUsed, PageCreated, PageDeleted, PageUpdated, PostCreated, PostDeleted, PostFacts, PostPublished,
    PostRestored, PostTrashed, PostUpdated, UserDeleted, UserProfileUpdated,
};
use kit::{
    Clock, Shared,
    db::Db,
    events::consumer::{Consumer, Handling},
};
use sea_orm::DatabaseTransaction;

use crate::store::uses::{self, UserOf};

/// Subscribes the service.
pub(crate) fn subscribe(db: Db, shared: &Shared) -> Arc<Consumer> {
    let now = |clock: &Clock| clock.clone();
    let clock = &shared.clock;
    let (c1, c2, c3, c4, c5) = (now(clock), now(clock), now(clock), now(clock), now(clock));
    let (p1, p2, p3, d1, u1, u2, i1) =
        (now(clock), now(clock), now(clock), now(clock), now(clock), now(clock), now(clock));
    Consumer::new("storage", db, shared.clock.clone())
        .on::<PostCreated>(move |tx, message, event| post(tx, event.post, message.sequence, c1.millis()))
        .on::<PostPublished>(move |tx, message, event| post(tx, event.post, message.sequence, c2.millis()))
        .on::<PostUpdated>(move |tx, message, event| post(tx, event.post, message.sequence, c3.millis()))
        .on::<PostTrashed>(move |tx, message, event| post(tx, event.post, message.sequence, c4.millis()))
        .on::<PostRestored>(move |tx, message, event| post(tx, event.post, message.sequence, c5.millis()))
        .on::<PostDeleted>(move |tx, message, event| gone(tx, "post", event.post_id, message.sequence, d1.millis()))
        .on::<PageCreated>(move |tx, message, event| {
            used(tx, "page", event.page_id, event.images, message.sequence, p1.millis())
        })
        .on::<PageUpdated>(move |tx, message, event| {
            used(tx, "page", event.page_id, event.images, message.sequence, p2.millis())
        })
        .on::<PageDeleted>(move |tx, message, event| gone(tx, "page", event.page_id, message.sequence, p3.millis()))
        .on::<UserProfileUpdated>(move |tx, message, event| {
            let images = event.avatar.into_iter().collect();
            used(tx, "profile", event.user_id, images, message.sequence, u1.millis())
        })
        .on::<UserDeleted>(move |tx, message, event| gone(tx, "profile", event.user_id, message.sequence, u2.millis()))
        .on::<ImagesUsed>(move |tx, message, event| {
            let (sequence, now) = (message.sequence, i1.millis());
            Box::pin(async move {
                let stems = uses::stems(event.images.iter().map(String::as_str));
                let user = UserOf { kind: &event.by, id: &event.id };
                Ok(uses::apply(tx, user, &stems, sequence, now).await?)
            })
        })
        .subscribe(shared)
}

fn post(tx: &DatabaseTransaction, post: PostFacts, sequence: i64, now: i64) -> Handling<'_> {
    used(tx, "post", post.post_id, post.images, sequence, now)
}

fn used<'a>(
    tx: &'a DatabaseTransaction,
    kind: &'static str,
    id: String,
    images: Vec<String>,
    sequence: i64,
    now: i64,
) -> Handling<'a> {
    Box::pin(async move {
        let stems: BTreeSet<String> = uses::stems(images.iter().map(String::as_str));
        Ok(uses::apply(tx, UserOf { kind, id: &id }, &stems, sequence, now).await?)
    })
}

fn gone<'a>(tx: &'a DatabaseTransaction, kind: &'static str, id: String, sequence: i64, now: i64) -> Handling<'a> {
    Box::pin(async move { Ok(uses::gone(tx, UserOf { kind, id: &id }, sequence, now).await?) })
}
