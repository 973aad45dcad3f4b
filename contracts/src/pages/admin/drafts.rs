//! The list of drafts.

use serde::{Deserialize, Serialize};

use crate::pages::PageModel;

/// `/bff/pages/admin/drafts?page=`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AdminDraftsPage {
    /// Changed last first.
    pub items: Vec<DraftRow>,
    /// This page, from 1.
    pub page: u32,
    /// Rows on a full page.
    pub size: u32,
    /// Rows on all pages.
    pub total: u32,
}
impl PageModel for AdminDraftsPage {}

/// A draft in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftRow {
    /// Id.
    pub id: String,
    /// Title; may be empty.
    pub title: String,
    /// Whose it is.
    #[serde(default)]
    pub author_name: String,
    /// Last change.
    pub updated_at: String,
    /// Slug of the post that it changes; empty when it stands alone.
    #[serde(default)]
    pub post_slug: String,
    /// Sent back when it is published or deleted.
    pub version: u32,
}
