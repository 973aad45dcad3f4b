//! What is told of a post's comments and likes whenever they change.

use contracts::events::{CommentCreated, CommentDeleted, CommentUpdated, LikeToggled};
use kit::events::outbox;
use sea_orm::{DatabaseTransaction, DbErr};

use crate::store::{posts, posts::Post, unsigned};

/// Why the comments of a post are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// One was written.
    Written,
    /// One says something else now.
    Edited,
    /// One may have come to count, or to count no longer.
    Maybe,
    /// One was purged.
    Purged,
}

/// Counts the comments of a locked post anew and tells of it, where there is something to tell.
pub(crate) async fn comments(
    tx: &DatabaseTransaction,
    post: &Post,
    comment_id: &str,
    change: Change,
    now: i64,
) -> Result<(), DbErr> {
    let comments = posts::recount(tx, &post.id).await?;
    let (comment_id, post_id) = (comment_id.to_owned(), post.id.clone());
    if change == Change::Written {
        return outbox::add(tx, &post.id, &CommentCreated { comment_id, post_id, comments }, now).await;
    }
    if change == Change::Purged || comments != unsigned(post.comments) {
        outbox::add(tx, &post.id, &CommentDeleted { comment_id, post_id, comments }, now).await?;
    } else if change == Change::Edited {
        outbox::add(tx, &post.id, &CommentUpdated { comment_id, post_id }, now).await?;
    }
    Ok(())
}

/// Adds to the likes of a locked post and tells of it; answers how many there are.
pub(crate) async fn likes(tx: &DatabaseTransaction, post: &Post, difference: i32, now: i64) -> Result<u32, DbErr> {
    let likes = unsigned(post.likes + difference);
    if difference != 0 {
        posts::add_likes(tx, &post.id, difference).await?;
        outbox::add(tx, &post.id, &LikeToggled { post_id: post.id.clone(), likes }, now).await?;
    }
    Ok(likes)
}

/// Tells how many likes a post has, after they were counted anew.
pub(crate) async fn tell_likes(tx: &DatabaseTransaction, post: &Post, now: i64) -> Result<(), DbErr> {
    let event = LikeToggled { post_id: post.id.clone(), likes: unsigned(post.likes) };
    outbox::add(tx, &post.id, &event, now).await
}
