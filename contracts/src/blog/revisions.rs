//! What a post was before.
//!
//! `GET /api/posts/:slug/revisions` (its author, ADMIN) → `Paged<Revision>`, newest first ·
//! `GET …/revisions/:id` → [`RevisionText`] · `GET …/revisions/diff?from=&to=` → [`RevisionDiff`]
//! (`to` absent: the post as it is now) · `POST …/revisions/:id/restore` ([`RestoreInput`]) → the
//! changed post.

use serde::{Deserialize, Serialize};

/// A state of a post that was replaced by another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Revision {
    /// UUIDv7; empty for the post as it is now.
    pub id: String,
    /// Version of the post.
    pub version: u32,
    /// Title.
    pub title: String,
    /// Who wrote this state.
    #[serde(default)]
    pub editor_id: Option<String>,
    /// Their name.
    #[serde(default)]
    pub editor_name: Option<String>,
    /// RFC 3339; when this state was written.
    pub created_at: String,
    /// Characters of the text.
    pub length: u32,
}

/// A revision with everything it keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevisionText {
    /// What lists have.
    #[serde(flatten)]
    pub revision: Revision,
    /// Markdown.
    pub content: String,
    /// As its author wrote it.
    #[serde(default)]
    pub excerpt: Option<String>,
    /// URL of the cover image.
    #[serde(default)]
    pub cover: Option<String>,
    /// Slug of the category.
    #[serde(default)]
    pub category: Option<String>,
    /// Names of the tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// For search engines.
    #[serde(default)]
    pub seo_title: Option<String>,
    /// For search engines.
    #[serde(default)]
    pub seo_description: Option<String>,
}

/// Body of `POST /api/posts/:slug/revisions/:id/restore`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RestoreInput {
    /// Version of the post that is replaced; a stale one is a 409.
    pub version: u32,
}

/// What differs between two states.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevisionDiff {
    /// The older side.
    pub from: Revision,
    /// The newer side.
    pub to: Revision,
    /// Fields other than the text that differ.
    pub fields: Vec<FieldChange>,
    /// Lines that were added.
    pub added: u32,
    /// Lines that were removed.
    pub removed: u32,
    /// The changed places of the text, each with three lines around it.
    pub hunks: Vec<DiffHunk>,
}

/// A field that differs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldChange {
    /// `title`, `excerpt`, `cover`, `category`, `tags`, `seo_title`, `seo_description`.
    pub field: String,
    /// What it was; empty for nothing.
    pub before: String,
    /// What it became; empty for nothing.
    pub after: String,
}

/// Lines that stand together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DiffHunk {
    /// In order.
    pub lines: Vec<DiffLine>,
}

/// One line of a difference.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DiffLine {
    /// Whether it stayed, went or came.
    pub kind: DiffKind,
    /// Its number on the older side, from 1.
    #[serde(default)]
    pub old_line: Option<u32>,
    /// Its number on the newer side, from 1.
    #[serde(default)]
    pub new_line: Option<u32>,
    /// The line without its end, cut where words differ from the line that it replaces.
    pub parts: Vec<DiffPart>,
}

/// A stretch of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DiffPart {
    /// The text.
    pub text: String,
    /// Whether it differs from the other side.
    #[serde(default)]
    pub changed: bool,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum DiffKind {
    /// On both sides.
    #[default]
    Same,
    /// On the newer side only.
    Added,
    /// On the older side only.
    Removed,
}
