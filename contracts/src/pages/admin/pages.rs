//! Static pages and notices: the table, and one as it is edited.

use serde::{Deserialize, Serialize};

use crate::pages::PageModel;

/// `/bff/pages/admin/pages?page=&kind=&status=`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AdminPagesPage {
    /// Changed last first.
    pub items: Vec<AdminPageRow>,
    /// This page, from 1.
    pub page: u32,
    /// Rows on a full page.
    pub size: u32,
    /// Rows on all pages.
    pub total: u32,
    /// `STATIC` or `NOTICE`; empty for both.
    #[serde(default)]
    pub kind: String,
    /// `DRAFT`, `PUBLISHED` or `TRASHED`; empty for all but the trash.
    #[serde(default)]
    pub status: String,
}
impl PageModel for AdminPagesPage {}

/// A static page or a notice in the table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdminPageRow {
    /// Id.
    pub id: String,
    /// Slug.
    pub slug: String,
    /// Title.
    pub title: String,
    /// `STATIC` or `NOTICE`.
    pub kind: String,
    /// `DRAFT`, `PUBLISHED` or `TRASHED`.
    pub status: String,
    /// Whether it stays on top.
    #[serde(default)]
    pub pinned: bool,
    /// Last change.
    pub updated_at: String,
}

/// `/bff/pages/admin/pages/new`, `/bff/pages/admin/pages/edit/:id`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AdminPageEditPage {
    /// The page; none when it is a new one.
    #[serde(default)]
    pub page: Option<EditablePage>,
}
impl PageModel for AdminPageEditPage {}

/// A static page or a notice as it is edited.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditablePage {
    /// Id.
    pub id: String,
    /// Slug.
    pub slug: String,
    /// Title.
    pub title: String,
    /// `STATIC` or `NOTICE`.
    pub kind: String,
    /// Markdown.
    pub content: String,
    /// `DRAFT` or `PUBLISHED`.
    pub status: String,
    /// A word in front of the title; empty for none.
    #[serde(default)]
    pub badge: String,
    /// Whether it stays on top.
    #[serde(default)]
    pub pinned: bool,
    /// `default`, `wide` or `resume`.
    #[serde(default)]
    pub template: String,
    /// Sent back when it is saved.
    #[serde(default)]
    pub version: u32,
}
