//! The revisions of a post, and how two of them differ.

use serde::{Deserialize, Serialize};

use crate::pages::PageModel;

/// `/bff/pages/admin/posts/revisions/:slug?from=&to=`: what a post was, and how two of its states differ.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RevisionsPage {
    /// The post.
    pub slug: String,
    /// Its title now.
    pub title: String,
    /// Its version now; sent back when one is restored.
    pub version: u32,
    /// Newest first.
    pub items: Vec<RevisionRow>,
    /// Which two are compared; empty when none are.
    #[serde(default)]
    pub from: String,
    /// See `from`.
    #[serde(default)]
    pub to: String,
    /// Line by line.
    #[serde(default)]
    pub diff: Vec<DiffLine>,
}
impl PageModel for RevisionsPage {}

/// A state of a post.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionRow {
    /// Id, as `from`, `to` and restoring take it; empty for the post as it is now.
    pub id: String,
    /// The version it was.
    pub version: u32,
    /// The title it had.
    pub title: String,
    /// Who made it so.
    #[serde(default)]
    pub author_name: String,
    /// When.
    pub created_at: String,
}

/// A line of a comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffLine {
    /// `same`, `added` or `removed`.
    pub change: String,
    /// Plain text.
    pub text: String,
}
