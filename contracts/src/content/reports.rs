//! Reports of comments.

use serde::{Deserialize, Serialize};

/// What is wrong with a comment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum ReportReason {
    /// Advertising.
    Spam,
    /// Insults, threats, hate.
    Abuse,
    /// Somebody's private data.
    Privacy,
    /// Against the law.
    Illegal,
    /// See the note.
    #[default]
    Other,
}

/// Body of `POST /api/comments/:id/report`. Answer: 204; 409 `already_reported` the second time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReportInput {
    /// What is wrong.
    pub reason: ReportReason,
    /// In words, at most 500 characters; needed for OTHER.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub note: Option<String>,
}

/// A report as admins see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Report {
    /// What is wrong.
    pub reason: ReportReason,
    /// In words.
    #[serde(default)]
    pub note: Option<String>,
    /// Whether a member reported it.
    pub by_member: bool,
    /// RFC 3339.
    pub created_at: String,
}
