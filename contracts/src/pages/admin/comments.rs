//! The queue of comments.

use serde::{Deserialize, Serialize};

use crate::pages::PageModel;

/// `/bff/pages/admin/comments?page=&status=&q=`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AdminCommentsPage {
    /// Rows of this page.
    pub items: Vec<AdminCommentRow>,
    /// This page, from 1.
    pub page: u32,
    /// Rows on a full page.
    pub size: u32,
    /// Rows on all pages.
    pub total: u32,
    /// Which were asked for: `held`, `reported`, `hidden`, `deleted`; empty for all.
    #[serde(default)]
    pub status: String,
    /// What was searched for.
    #[serde(default)]
    pub q: String,
}
impl PageModel for AdminCommentsPage {}

/// A comment in the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdminCommentRow {
    /// Id.
    pub id: String,
    /// Slug of the post; empty when it is gone.
    #[serde(default)]
    pub post_slug: String,
    /// Title of the post.
    #[serde(default)]
    pub post_title: String,
    /// Who wrote it.
    pub author_name: String,
    /// Whether a guest did.
    #[serde(default)]
    pub guest: bool,
    /// Sanitised HTML.
    pub html: String,
    /// When it was written.
    pub created_at: String,
    /// As in [`crate::pages::CommentView::state`].
    pub state: String,
    /// How often it was reported.
    #[serde(default)]
    pub reports: u32,
}
