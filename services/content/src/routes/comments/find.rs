//! A comment that somebody wants something of.

use contracts::problem::Problem;
use kit::{ApiResult, id};
use sea_orm::DatabaseTransaction;

use crate::{
    app::App,
    domain::{eyes::Eyes, thread::Entry},
    posts,
    routes::caller::Caller,
    store::{self, comments, posts::Post, row::CommentRow},
};

/// A comment with its post, and the caller's eyes on them.
pub(crate) struct OfPost {
    pub(crate) post: Post,
    pub(crate) comment: CommentRow,
    pub(crate) eyes: Eyes,
}

/// 404: it is not there, or not for them, and which of the two they do not learn.
pub(crate) fn no_comment() -> Problem {
    Problem::not_found("comment")
}

/// A comment that `caller` sees, or their own, whatever became of its post.
pub(crate) async fn own_or_visible(app: &App, caller: &Caller, id: &str) -> ApiResult<OfPost> {
    let id = id::parse(id).ok_or_else(no_comment)?;
    let found = comments::by_id(app.db.read(), &id, &caller.actor()).await?.ok_or_else(no_comment)?;
    let eyes = caller.eyes(&found.post_author_id);
    if eyes.wrote(&found) {
        let post = store::posts::by_id(app.db.read(), &found.post_id).await?.filter(Post::is_there);
        return Ok(OfPost { post: post.ok_or_else(no_comment)?, comment: found, eyes });
    }
    let post = posts::readable(app, &found.post_id, caller.viewer.as_ref())
        .await
        .map_err(|error| if error.problem().status == 404 { no_comment().into() } else { error })?;
    let parent = match &found.parent_id {
        Some(parent) => comments::by_id(app.db.read(), parent, "").await?,
        None => None,
    };
    if !eyes.see(&found, parent.as_ref()) {
        return Err(no_comment().into());
    }
    Ok(OfPost { post, comment: found, eyes })
}

/// Post and comment, locked for the change that follows. 404 when they are gone by now.
pub(crate) async fn lock(tx: &DatabaseTransaction, found: &OfPost) -> ApiResult<OfPost> {
    let post = store::posts::lock(tx, &found.post.id).await?.filter(Post::is_there).ok_or_else(no_comment)?;
    let comment = comments::lock(tx, found.comment.id(), &found.eyes.actor).await?.ok_or_else(no_comment)?;
    Ok(OfPost { post, comment, eyes: found.eyes.clone() })
}
