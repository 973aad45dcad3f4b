//! The comments of a post as an export keeps them: a JSON list in `<slug>.comments.json` beside the post.

use contracts::content::CommentState;
use serde::{Deserialize, Serialize};

/// What follows a post's file name, without its ending.
pub(crate) const ENDING: &str = ".comments.json";

/// A comment. One in the state TRASHED is the empty place of its answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Comment {
    /// UUID.
    pub(crate) id: String,
    /// Id of the comment that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) parent: Option<String>,
    /// Name of who wrote it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) author: String,
    /// Whether an account wrote it rather than a guest.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) member: bool,
    /// `VISIBLE`, `PENDING`, `HIDDEN` or `TRASHED`.
    #[serde(default)]
    pub(crate) state: CommentState,
    /// Seen by its author, the post's author and admins.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) private: bool,
    /// RFC 3339.
    pub(crate) created: String,
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) edited: Option<String>,
    /// Limited Markdown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) content: String,
}
