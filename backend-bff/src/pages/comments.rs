//! The comments of a post, in the order they are read.

use std::collections::BTreeSet;

use contracts::{
    content::{Comment, CommentPage},
    module::Role,
    pages::{CommentView, Comments},
};
use kit::ApiResult;

use crate::{backend::Backend, paths, sessions::Visitor};

/// Threads on a page.
const SIZE: u32 = 20;
/// Threads that are read at once to find the one with a comment: as many as the service gives.
const BATCH: u32 = 100;
/// How often, before the search is given up: a comment further back than 2,000 threads is not found.
const BATCHES: usize = 20;

/// What is said below a post.
#[derive(Default)]
pub(super) struct OfPost {
    /// One page of it.
    pub(super) comments: Comments,
    /// Ids of the members who wrote them.
    pub(super) writers: BTreeSet<String>,
    /// Comments that everybody may see, on all pages: as new as the comments are, unlike the copy that blog keeps.
    pub(super) count: u32,
}

/// Which page of them.
#[derive(Clone, Copy)]
pub(super) enum Which<'a> {
    /// The one of this number.
    Page(u32),
    /// The one where this comment stands; the first when it stands nowhere.
    With(&'a str),
}

/// A page of them.
pub(super) async fn of_post(backend: &Backend, visitor: &Visitor, id: &str, which: Which<'_>) -> ApiResult<OfPost> {
    let first = match which {
        Which::Page(page) => page,
        Which::With(_) => 1,
    };
    let (mut page, mut found) = (first, threads(backend, visitor, id, first, SIZE).await?);
    // Most posts have but one page.
    if let Which::With(comment) = which
        && found.total > SIZE
        && !found.items.iter().any(|thread| has(thread, comment))
    {
        // The first page is better than none.
        let elsewhere = locate(backend, visitor, id, comment, found.total).await.unwrap_or_else(|error| {
            tracing::warn!(code = %error.problem().code, "the page of a comment is not known");
            None
        });
        if let Some(elsewhere) = elsewhere {
            (page, found) = (elsewhere, threads(backend, visitor, id, elsewhere, SIZE).await?);
        }
    }
    let guest = visitor.viewer().is_none();
    let open = found.open && (found.guests_allowed || !guest);
    let (mut items, mut writers) = (Vec::new(), BTreeSet::new());
    for comment in found.items {
        note_writers(&comment, &mut writers);
        flatten(comment, open, visitor, &mut items);
    }
    let comments =
        Comments { items, page, size: SIZE, threads: found.total, open, sign_in: guest && !found.guests_allowed };
    Ok(OfPost { comments, writers, count: found.comments })
}

async fn threads(backend: &Backend, visitor: &Visitor, post: &str, page: u32, size: u32) -> ApiResult<CommentPage> {
    let path = format!("/api/comments/post/{}?page={page}&size={size}", paths::encode_segment(post));
    backend.upstreams.content.get(&path, visitor).await
}

/// Whether it is that comment, or has it below it.
fn has(thread: &Comment, comment: &str) -> bool {
    thread.id == comment || thread.replies.iter().any(|reply| has(reply, comment))
}

/// The page where a comment stands, as this visitor sees the `total` threads of the post.
async fn locate(backend: &Backend, visitor: &Visitor, post: &str, comment: &str, total: u32) -> ApiResult<Option<u32>> {
    let path = format!("/api/comments/{}", paths::encode_segment(comment));
    match backend.upstreams.content.get::<Comment>(&path, visitor).await {
        Ok(found) if found.post_id == post => {}
        Ok(_) => return Ok(None),
        Err(error) if error.problem().status == 404 => return Ok(None),
        Err(error) => return Err(error),
    }
    // From the newest on: links lead to what was just said more often than to what was said long ago.
    for batch in (1..=total.div_ceil(BATCH)).rev().take(BATCHES) {
        let found = threads(backend, visitor, post, batch, BATCH).await?;
        if let Some(at) = found.items.iter().position(|thread| has(thread, comment)) {
            let before = (batch - 1) * BATCH + u32::try_from(at).unwrap_or_default();
            return Ok(Some(before / SIZE + 1));
        }
    }
    Ok(None)
}

fn note_writers(comment: &Comment, writers: &mut BTreeSet<String>) {
    writers.extend(comment.author_id.clone());
    comment.replies.iter().for_each(|reply| note_writers(reply, writers));
}

fn flatten(mut comment: Comment, open: bool, visitor: &Visitor, out: &mut Vec<CommentView>) {
    let replies = std::mem::take(&mut comment.replies);
    out.push(view(comment, open, visitor));
    for reply in replies {
        flatten(reply, open, visitor, out);
    }
}

fn view(comment: Comment, open: bool, visitor: &Visitor) -> CommentView {
    let there = !comment.is_deleted;
    let moderator = visitor.viewer().is_some_and(|viewer| viewer.role == Role::Admin);
    CommentView {
        state: state(&comment).to_owned(),
        depth: comment.depth.saturating_sub(1).min(2),
        author_name: comment.author_name,
        author_avatar: comment.author_avatar,
        guest: comment.is_guest,
        by_author: comment.by_post_author,
        html: comment.html,
        source: comment.content,
        mention: comment.mention,
        created_at: comment.created_at,
        edited_at: comment.edited_at,
        can_reply: there && open && !comment.is_hidden,
        can_edit: comment.can_edit,
        can_delete: comment.can_delete,
        can_report: there && !comment.mine && !moderator,
        id: comment.id,
    }
}

fn state(comment: &Comment) -> &'static str {
    if comment.is_deleted {
        "deleted"
    } else if comment.is_hidden {
        "hidden"
    } else if comment.is_pending {
        "held"
    } else if comment.is_private {
        "private"
    } else {
        "visible"
    }
}
