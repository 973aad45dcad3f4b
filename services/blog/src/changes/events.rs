//! What is told of a change, in its transaction.

use contracts::blog::PostStatus;
use contracts::events::{
    PostCreated, PostDeleted, PostPublished, PostRestored, PostTrashed, PostUpdated, TermsChanged,
};
use kit::events::outbox;
use sea_orm::{DatabaseTransaction, DbErr};

use crate::store::{facts, posts::Current, terms::Kind};

/// A post was written.
pub(crate) async fn created(tx: &DatabaseTransaction, id: &str, now: i64) -> Result<(), DbErr> {
    let post = facts::of(tx, id).await?;
    outbox::add(tx, id, &PostCreated { post: post.clone() }, now).await?;
    if post.status == PostStatus::Public {
        outbox::add(tx, id, &PostPublished { post }, now).await?;
    }
    Ok(())
}

/// A post is not what it was before.
pub(crate) async fn changed(tx: &DatabaseTransaction, before: &Current, now: i64) -> Result<(), DbErr> {
    let post = facts::of(tx, &before.id).await?;
    let old_slug = (post.slug != before.slug).then(|| before.slug.clone());
    let published = post.status == PostStatus::Public && before.status() != PostStatus::Public;
    // Whoever keeps something by address hears of a new one even when the post is published with it.
    if !published || old_slug.is_some() {
        outbox::add(tx, &before.id, &PostUpdated { post: post.clone(), old_slug }, now).await?;
    }
    if published {
        outbox::add(tx, &before.id, &PostPublished { post }, now).await?;
    }
    Ok(())
}

/// A post's time has come.
pub(crate) async fn published(tx: &DatabaseTransaction, id: &str, now: i64) -> Result<(), DbErr> {
    let post = facts::of(tx, id).await?;
    outbox::add(tx, id, &PostPublished { post }, now).await
}

/// A post was thrown away.
pub(crate) async fn trashed(tx: &DatabaseTransaction, id: &str, now: i64) -> Result<(), DbErr> {
    let post = facts::of(tx, id).await?;
    outbox::add(tx, id, &PostTrashed { post }, now).await
}

/// A post came back.
pub(crate) async fn restored(tx: &DatabaseTransaction, id: &str, now: i64) -> Result<(), DbErr> {
    let post = facts::of(tx, id).await?;
    outbox::add(tx, id, &PostRestored { post }, now).await
}

/// A post is gone for good.
pub(crate) async fn deleted(tx: &DatabaseTransaction, id: &str, slug: &str, now: i64) -> Result<(), DbErr> {
    outbox::add(tx, id, &PostDeleted { post_id: id.to_owned(), slug: slug.to_owned() }, now).await
}

/// A term was made, changed, merged or removed.
pub(crate) async fn term(
    tx: &DatabaseTransaction,
    kind: Kind,
    id: &str,
    slugs: Vec<String>,
    now: i64,
) -> Result<(), DbErr> {
    let event = TermsChanged { taxonomy: kind.name().to_owned(), slugs };
    outbox::add(tx, id, &event, now).await
}
