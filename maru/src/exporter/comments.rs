//! The comments of a post, in a file beside it.

use anyhow::{Context, Result};
use contracts::content::{CommentState, WholeComment, WholeComments};

use super::Export;
use crate::discussion::Comment;

/// Who wrote a comment whose account was deleted: a name is needed, and this one is nobody's.
const DELETED: &str = "–";

impl Export<'_> {
    pub(super) async fn comments(&mut self, post: &str, slug: &str) -> Result<()> {
        let path = format!("/internal/comments?post={post}");
        let whole: WholeComments =
            self.services.content().get(&path).await.context("the comments could not be listed")?;
        if whole.items.is_empty() {
            return Ok(());
        }
        let mut comments: Vec<Comment> = whole.items.into_iter().map(comment).collect();
        // By what the file says: times lose their fractions on the way.
        comments.sort_by(|one, other| (&one.created, &one.id).cmp(&(&other.created, &other.id)));
        self.written.comments += comments.len();
        self.folder.write_comments(slug, &comments)
    }
}

fn comment(whole: WholeComment) -> Comment {
    let is_gone = whole.state == CommentState::Trashed;
    let member = whole.author_id.is_some();
    let author = if whole.author_name.is_empty() && !is_gone { DELETED.to_owned() } else { whole.author_name };
    Comment {
        id: whole.id,
        parent: whole.parent_id,
        author,
        member,
        state: whole.state,
        private: whole.is_private,
        created: whole.created_at,
        edited: whole.edited_at,
        content: whole.content,
    }
}
