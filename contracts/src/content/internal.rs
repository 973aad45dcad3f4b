//! Bodies of the content service's internal routes.

use serde::{Deserialize, Serialize};

use super::CommentState;

/// What a post has here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PostTotals {
    /// Which post.
    pub post_id: String,
    /// Comments that everybody may see.
    pub comments: u32,
    /// Likes.
    pub likes: u32,
}

/// `GET /internal/posts/counts?after=&limit=`: every post that is known here, by id.
/// Ask on with `after` = `next` until that is none. `?ids=a,b` asks for these alone (at most 100).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PostTotalsPage {
    /// Ordered by id.
    pub items: Vec<PostTotals>,
    /// What to send as `after` for more.
    #[serde(default)]
    pub next: Option<String>,
}

/// Body of `PUT /internal/import/comments`: makes the comment with this `source`, or changes it where
/// it differs. A parent has to be there before its answers. Answer: [`ImportedComment`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ImportComment {
    /// What identifies it across imports: `wordpress:<comment id>`.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub source: String,
    /// Id of the post.
    pub post_id: String,
    /// `source` of the comment that it answers.
    #[serde(default)]
    pub parent_source: Option<String>,
    /// Account that wrote it; none for a guest.
    #[serde(default)]
    pub author_id: Option<String>,
    /// Name of who wrote it.
    pub author_name: String,
    /// Limited Markdown.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 5000))]
    pub content: String,
    /// TRASHED makes an empty place for the answers of a comment that is gone.
    #[serde(default)]
    pub state: CommentState,
    /// RFC 3339.
    pub created_at: String,
    /// UUID that it is to have, when nothing else has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Seen by its author, the post's author and admins.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_private: bool,
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<String>,
}

/// `GET /internal/comments?post=<id>`: everything an export needs of the comments of a post.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WholeComments {
    /// Oldest first. One in the trash, or gone for good, is there when it has answers that are not.
    pub items: Vec<WholeComment>,
}

/// A comment with its source, in whatever state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WholeComment {
    /// UUIDv7.
    pub id: String,
    /// What it answers.
    #[serde(default)]
    pub parent_id: Option<String>,
    /// Account that wrote it; none for a guest.
    #[serde(default)]
    pub author_id: Option<String>,
    /// Name of who wrote it; empty when the account was deleted.
    pub author_name: String,
    /// Limited Markdown; empty when it is in the trash.
    pub content: String,
    /// Where it is in its life.
    pub state: CommentState,
    /// Seen by its author, the post's author and admins.
    pub is_private: bool,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    #[serde(default)]
    pub edited_at: Option<String>,
}

/// Answer of `PUT /internal/import/comments`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportedComment {
    /// What happened.
    pub change: crate::blog::ImportChange,
    /// Id of the comment.
    pub id: String,
}
