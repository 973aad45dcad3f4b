//! A post's ways between its statuses.

use contracts::{blog::PostStatus, problem::Problem};
use kit::ApiResult;
use sea_orm::{DatabaseTransaction, DbErr};

use super::{drafts, events};
use crate::{
    domain::schedule::Standing,
    store::{
        change,
        drafts::Whose,
        posts::{self, Current},
        redirects, term_writes, terms,
    },
};

/// Moves the post to the trash.
pub(crate) async fn trash(tx: &DatabaseTransaction, post: &Current, now: i64) -> Result<(), DbErr> {
    change::trash(tx, &post.id, now).await?;
    recount(tx, post).await?;
    events::trashed(tx, &post.id, now).await
}

/// Takes the post out of the trash, at its old address or, where another post lives there now, at one
/// beside it. Answers the address.
pub(crate) async fn restore(tx: &DatabaseTransaction, post: &Current, now: i64) -> Result<String, DbErr> {
    let slug = posts::free_slug(tx, &post.slug, &post.id).await?;
    let standing = post.standing().restored(post.trashed_from(), now);
    change::set_standing(tx, &post.id, standing, &slug, now).await?;
    redirects::remove(tx, &format!("/posts/{slug}")).await?;
    recount(tx, post).await?;
    events::restored(tx, &post.id, now).await?;
    Ok(slug)
}

/// Removes a post for good, with all that hangs on it.
pub(crate) async fn purge(tx: &DatabaseTransaction, post: &Current, now: i64) -> Result<(), DbErr> {
    drafts::delete_all(tx, Whose::Post(&post.id), now).await?;
    change::purge(tx, &post.id).await?;
    events::deleted(tx, &post.id, &post.slug, now).await
}

/// 409 to what can only be done in the trash.
pub(crate) fn not_in_trash() -> Problem {
    Problem::new(409, "not_in_trash", "This is not in the trash").with_detail("Move the post to the trash first.")
}

/// Gives the post another status. False when it had it already.
pub(crate) async fn set_status(
    tx: &DatabaseTransaction,
    post: &Current,
    status: PostStatus,
    now: i64,
) -> ApiResult<bool> {
    if post.status() == status {
        return Ok(false);
    }
    let standing: Standing = post.standing().then(Some(status), None, now)?;
    change::set_standing(tx, &post.id, standing, &post.slug, now).await?;
    recount(tx, post).await?;
    events::changed(tx, post, now).await?;
    Ok(true)
}

/// Publishes the post if its time has come and nobody did so before. Answers whether it did.
pub(crate) async fn fire(tx: &DatabaseTransaction, id: &str, now: i64) -> Result<bool, DbErr> {
    if !change::fire(tx, id, now).await? {
        return Ok(false);
    }
    if let Some(post) = posts::current_by_id(tx, id).await? {
        recount(tx, &post).await?;
    }
    events::published(tx, id, now).await?;
    Ok(true)
}

/// The post's terms count it anew.
pub(super) async fn recount(tx: &DatabaseTransaction, post: &Current) -> Result<(), DbErr> {
    let tags = terms::tags_of(tx, &post.id).await?;
    term_writes::recount(tx, tags, post.category_id.clone()).await
}
