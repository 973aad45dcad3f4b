//! Bodies of the content service: comments, likes, bookmarks.
//!
//! Callers are users (`Authorization: Bearer`) or guests. The gateway says where a guest comes from
//! in [`CLIENT_ADDRESS`], overwriting what a client sent; the address itself is never kept, only a
//! keyed digest of it. A guest's browser keeps the `writer_token` of [`Written`] and sends it in
//! [`WRITER_TOKEN`], so that its owner sees what waits for review.

mod bookmarks;
mod internal;
mod likes;
mod moderation;
mod reports;
mod settings;

use serde::{Deserialize, Serialize};

pub use bookmarks::*;
pub use internal::*;
pub use likes::*;
pub use moderation::*;
pub use reports::*;
pub use settings::*;

/// Header with the address of the client; only the gateway sets it.
pub const CLIENT_ADDRESS: &str = "x-client-address";

/// Header with the token that a guest got with their first comment.
pub const WRITER_TOKEN: &str = "x-writer-token";

/// Where a comment is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum CommentState {
    /// Seen by everybody, or, when it is private, by those it is for.
    #[default]
    Visible,
    /// Waits for an admin; its writer sees it.
    Pending,
    /// An admin took it out of sight.
    Hidden,
    /// Deleted; can be restored.
    Trashed,
}

/// A comment as one viewer sees it: `GET /api/comments/:id`, and in the tree of [`CommentPage`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Comment {
    /// UUIDv7.
    pub id: String,
    /// Id of the post.
    pub post_id: String,
    /// The comment that this one answers.
    #[serde(default)]
    pub parent_id: Option<String>,
    /// 1 for a root, at most 3: what lies deeper stands at 3 with a `mention`.
    pub depth: u32,
    /// Name of whom it answers, where it stands beside that comment instead of under it.
    #[serde(default)]
    pub mention: Option<String>,
    /// Id of the member who wrote it; none for guests, deleted accounts and placeholders.
    #[serde(default)]
    pub author_id: Option<String>,
    /// Name of the writer; empty for deleted accounts and placeholders.
    pub author_name: String,
    /// Picture of a member.
    #[serde(default)]
    pub author_avatar: Option<String>,
    /// Whether a guest wrote it.
    #[serde(default)]
    pub is_guest: bool,
    /// Whether the author of the post wrote it.
    #[serde(default)]
    pub by_post_author: bool,
    /// Sanitised HTML; empty for placeholders.
    pub html: String,
    /// Markdown source; only for its writer.
    #[serde(default)]
    pub content: Option<String>,
    /// Seen only by its writer, the post's author, admins, and whom it answers in private.
    #[serde(default)]
    pub is_private: bool,
    /// A placeholder: what stood here is gone or not for this viewer, but it has replies that are.
    #[serde(default)]
    pub is_deleted: bool,
    /// An admin took it out of sight (only admins get it).
    #[serde(default)]
    pub is_hidden: bool,
    /// Waits for review (only its writer and admins get it).
    #[serde(default)]
    pub is_pending: bool,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339; none when it was never changed.
    #[serde(default)]
    pub edited_at: Option<String>,
    /// How many like it.
    #[serde(default)]
    pub likes: u32,
    /// Whether this viewer does.
    #[serde(default)]
    pub liked: bool,
    /// Whether this viewer wrote it.
    #[serde(default)]
    pub mine: bool,
    /// Whether this viewer may change it; a guest has to show the password.
    #[serde(default)]
    pub can_edit: bool,
    /// Whether this viewer may delete it; a guest has to show the password.
    #[serde(default)]
    pub can_delete: bool,
    /// Grows by one with each change of the text.
    pub version: u32,
    /// Answers, oldest first.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    pub replies: Vec<Comment>,
}

/// `GET /api/comments/post/:postId?page&size&sort=oldest|newest|liked`: paged by roots, each with
/// all its replies. 404 when the caller may not see the post.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentPage {
    /// Roots of this page.
    pub items: Vec<Comment>,
    /// Roots on all pages.
    pub total: u32,
    /// Comments of the post that everybody may see, replies included.
    pub comments: u32,
    /// Whether the caller may write one here as far as the post's state and the site's settings go.
    pub open: bool,
    /// Whether guests may write at all.
    pub guests_allowed: bool,
}

/// Body of `POST /api/comments`. Answer: 201 [`Written`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CommentInput {
    /// Id of the post.
    pub post_id: String,
    /// Id of the comment that this one answers, of the same post.
    #[serde(default)]
    pub parent_id: Option<String>,
    /// Limited Markdown, 1–5,000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 5000))]
    pub content: String,
    /// Only for its writer, the post's author and admins. An answer to a private comment always is.
    #[serde(default)]
    pub is_private: bool,
    /// Guests: 1–50 characters, not a member's name. Left out of account for users.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 50))]
    pub guest_name: Option<String>,
    /// Guests: 4–128 characters; needed to change or delete the comment.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 128))]
    pub guest_password: Option<String>,
    /// Stays empty: a field that people do not see and programs fill in.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 0))]
    pub website: Option<String>,
}

/// Answer of `POST /api/comments`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Written {
    /// The comment as its writer sees it; `is_pending` when it waits for review.
    pub comment: Comment,
    /// Guests: what to send in [`WRITER_TOKEN`] from now on.
    #[serde(default)]
    pub writer_token: Option<String>,
}

/// Body of `PUT /api/comments/:id`. Answer: the [`Comment`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CommentChange {
    /// Limited Markdown, 1–5,000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 5000))]
    pub content: String,
    /// Stays as it is when absent.
    #[serde(default)]
    pub is_private: Option<bool>,
    /// The version this change was made from; a stale one is a 409.
    #[serde(default)]
    pub version: Option<u32>,
    /// Guests: the password of the comment.
    #[serde(default)]
    pub password: Option<String>,
}

/// Body of `DELETE /api/comments/:id` and `POST /api/comments/:id/restore`, for guests alone; users
/// send none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GuestProof {
    /// The password of the comment.
    pub password: String,
}

/// Body of `POST /api/comments/preview`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PreviewInput {
    /// Limited Markdown, at most 5,000 characters.
    #[cfg_attr(feature = "openapi", schema(max_length = 5000))]
    pub content: String,
}

/// Answer of `POST /api/comments/preview`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// Sanitised HTML, as the comment would have it.
    pub html: String,
}

/// One of my comments: `GET /api/comments/mine?page&size` (USER), newest first, the trash left out
/// unless `trashed=true` asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyComment {
    /// UUIDv7.
    pub id: String,
    /// Id of the post.
    pub post_id: String,
    /// Last part of the post's URL; none when the post is not for the caller any more.
    #[serde(default)]
    pub post_slug: Option<String>,
    /// Title of the post; see `post_slug`.
    #[serde(default)]
    pub post_title: Option<String>,
    /// Sanitised HTML.
    pub html: String,
    /// See [`Comment::is_private`].
    #[serde(default)]
    pub is_private: bool,
    /// Where it is in its life.
    pub state: CommentState,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    #[serde(default)]
    pub edited_at: Option<String>,
    /// How many like it.
    #[serde(default)]
    pub likes: u32,
    /// Answers that are there.
    #[serde(default)]
    pub replies: u32,
    /// Whether the caller may take it out of the trash.
    #[serde(default)]
    pub can_restore: bool,
}

/// `GET /api/comments/mine`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyComments {
    /// Items of this page.
    pub items: Vec<MyComment>,
    /// Items on all pages.
    pub total: u32,
}
