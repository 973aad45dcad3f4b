//! A comment as it is read: joined with its author, and whether somebody likes it.

use contracts::content::{Comment, CommentState};
use kit::clock::rfc3339;
use sea_orm::FromQueryResult;

use super::unsigned;
use crate::domain::{
    eyes::{Eyes, Seen},
    text::text_digest,
    thread::{Entry, with_state},
};

/// Comments with everything that [`CommentRow`] has; `actor` is the number of the value that says whose
/// likes are looked for.
pub(super) fn select(actor: usize) -> String {
    format!(
        "SELECT c.id, c.post_id, c.parent_id, c.root_id, c.author_id, a.name AS account_name,
            a.avatar AS account_avatar, a.deleted AS account_deleted, p.author_id AS post_author_id, c.guest_name,
            c.writer_hash, c.address_hash, c.password_hash, c.state, c.state_before, c.trashed_by, c.purged, c.held_for, c.is_private,
            c.created_at, c.edited_at, c.likes, c.version, c.content, c.html,
            EXISTS (SELECT 1 FROM comment_likes l WHERE l.comment_id = c.id AND l.actor = ${actor}) AS liked
        FROM comments c JOIN posts p ON p.id = c.post_id LEFT JOIN authors a ON a.id = c.author_id"
    )
}

/// A comment.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct CommentRow {
    pub(crate) id: String,
    pub(crate) post_id: String,
    pub(crate) parent_id: Option<String>,
    pub(crate) root_id: String,
    pub(crate) author_id: Option<String>,
    account_name: Option<String>,
    account_avatar: Option<String>,
    account_deleted: Option<bool>,
    pub(crate) post_author_id: String,
    guest_name: Option<String>,
    writer_hash: Option<String>,
    pub(crate) address_hash: Option<String>,
    pub(crate) password_hash: Option<String>,
    state: String,
    state_before: Option<String>,
    trashed_by: Option<String>,
    pub(crate) held_for: String,
    pub(crate) is_private: bool,
    created_at: i64,
    edited_at: Option<i64>,
    likes: i32,
    pub(crate) version: i32,
    content: String,
    html: String,
    liked: bool,
}

/// The state of that name; the table's CHECK admits nothing else.
pub(crate) fn state(name: &str) -> CommentState {
    match name {
        "PENDING" => CommentState::Pending,
        "HIDDEN" => CommentState::Hidden,
        "TRASHED" => CommentState::Trashed,
        _ => CommentState::Visible,
    }
}

/// The name of the state.
pub(crate) fn state_name(state: CommentState) -> &'static str {
    match state {
        CommentState::Visible => "VISIBLE",
        CommentState::Pending => "PENDING",
        CommentState::Hidden => "HIDDEN",
        CommentState::Trashed => "TRASHED",
    }
}

impl CommentRow {
    /// What it was before it was moved to the trash.
    pub(crate) fn state_before(&self) -> CommentState {
        self.state_before.as_deref().map_or(CommentState::Visible, state)
    }

    /// Whether it says what has this digest.
    pub(crate) fn says(&self, digest: &str) -> bool {
        text_digest(&self.content) == digest
    }

    /// Whether it is in the trash.
    pub(crate) fn is_in_trash(&self) -> bool {
        state(&self.state) == CommentState::Trashed
    }

    /// Whether its writer moved it to the trash.
    pub(crate) fn was_trashed_by_writer(&self) -> bool {
        self.trashed_by.as_deref() == Some("WRITER")
    }

    /// Whether a guest wrote it, who can show the password.
    pub(crate) fn is_guests(&self) -> bool {
        self.author_id.is_none() && self.guest_name.is_some()
    }

    /// Whether changing or deleting it is for who wrote it or knows its password.
    fn is_for(&self, eyes: &Eyes) -> bool {
        match &self.author_id {
            Some(author) => eyes.user.as_ref() == Some(author),
            // Whose password it is shows when they type it.
            None => self.password_hash.is_some() && (eyes.user.is_none() || eyes.wrote(self)),
        }
    }

    fn name(&self) -> &str {
        match &self.author_id {
            Some(_) => self.account_name.as_deref().unwrap_or_default(),
            None => self.guest_name.as_deref().unwrap_or_default(),
        }
    }
}

impl Seen for CommentRow {
    fn state(&self) -> CommentState {
        state(&self.state)
    }

    fn is_private(&self) -> bool {
        self.is_private
    }

    fn author_id(&self) -> Option<&str> {
        self.author_id.as_deref()
    }

    fn writer_hash(&self) -> Option<&str> {
        self.writer_hash.as_deref()
    }
}

impl Entry for CommentRow {
    fn id(&self) -> &str {
        &self.id
    }

    fn parent_id(&self) -> Option<&str> {
        self.parent_id.as_deref()
    }

    fn created_at(&self) -> i64 {
        self.created_at
    }

    fn author_name(&self) -> &str {
        self.name()
    }

    fn shown(&self, eyes: &Eyes) -> Comment {
        let mine = eyes.wrote(self);
        let is_for = self.is_for(eyes);
        let deleted_account = self.account_deleted.unwrap_or_default();
        let comment = Comment {
            id: self.id.clone(),
            post_id: self.post_id.clone(),
            parent_id: self.parent_id.clone(),
            depth: 1,
            author_id: self.author_id.clone().filter(|_| !deleted_account),
            author_name: self.name().to_owned(),
            author_avatar: self.account_avatar.clone(),
            is_guest: self.is_guests(),
            by_post_author: self.author_id.as_ref() == Some(&self.post_author_id),
            html: self.html.clone(),
            content: mine.then(|| self.content.clone()),
            is_private: self.is_private,
            created_at: rfc3339(self.created_at),
            edited_at: self.edited_at.map(rfc3339),
            likes: unsigned(self.likes),
            liked: self.liked,
            mine,
            can_edit: is_for && self.state() != CommentState::Hidden,
            can_delete: is_for || eyes.is_admin,
            version: unsigned(self.version),
            ..Comment::default()
        };
        with_state(comment, self.state())
    }

    fn placeholder(&self) -> Comment {
        Comment {
            id: self.id.clone(),
            post_id: self.post_id.clone(),
            parent_id: self.parent_id.clone(),
            depth: 1,
            is_deleted: true,
            created_at: rfc3339(self.created_at),
            ..Comment::default()
        }
    }
}
