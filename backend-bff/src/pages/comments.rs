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

/// A page of them.
pub(super) async fn of_post(backend: &Backend, visitor: &Visitor, id: &str, page: u32) -> ApiResult<OfPost> {
    let path = format!("/api/comments/post/{}?page={page}&size={SIZE}", paths::encode_segment(id));
    let found: CommentPage = backend.upstreams.content.get(&path, visitor).await?;
    let open = found.open && (found.guests_allowed || visitor.viewer().is_some());
    let (mut items, mut writers) = (Vec::new(), BTreeSet::new());
    for comment in found.items {
        note_writers(&comment, &mut writers);
        flatten(comment, open, visitor, &mut items);
    }
    let comments = Comments { items, page, size: SIZE, threads: found.total, open };
    Ok(OfPost { comments, writers, count: found.comments })
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
