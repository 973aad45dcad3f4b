//! The table of posts, and a post as it is edited.

use serde::{Deserialize, Serialize};

use crate::{
    blog::{PostStatus, TermRef},
    pages::{PageModel, TermCard},
};

/// `/bff/pages/admin/posts?page=&status=&q=&category=&sort=`. Optional part: `categories`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AdminPostsPage {
    /// Rows of this page.
    pub items: Vec<AdminPostRow>,
    /// This page, from 1.
    pub page: u32,
    /// Rows on a full page.
    pub size: u32,
    /// Rows on all pages.
    pub total: u32,
    /// What was searched for.
    #[serde(default)]
    pub q: String,
    /// Which status was asked for; empty for all but the trash, `TRASHED` for the trash.
    #[serde(default)]
    pub status: String,
    /// Slug of the category that was asked for; empty for all.
    #[serde(default)]
    pub category: String,
    /// `updated`, `newest`, `popular` or `liked`.
    #[serde(default)]
    pub sort: String,
    /// For the select box.
    #[serde(default)]
    pub categories: Vec<TermCard>,
    /// Parts that are not available now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}
impl PageModel for AdminPostsPage {}

/// A row of the post table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AdminPostRow {
    /// Id.
    pub id: String,
    /// Slug.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Author.
    pub author_name: String,
    /// Status.
    pub status: PostStatus,
    /// Category.
    #[serde(default)]
    pub category: Option<TermRef>,
    /// When it was published, or will be, if so.
    #[serde(default)]
    pub published_at: Option<String>,
    /// Last change.
    pub updated_at: String,
    /// For optimistic concurrency when it is deleted or published from the table.
    pub version: u32,
    /// Times it was read.
    #[serde(default)]
    pub views: u32,
    /// People who like it.
    #[serde(default)]
    pub likes: u32,
    /// Comments that everybody sees.
    #[serde(default)]
    pub comments: u32,
}

/// `/bff/pages/admin/posts/new`, `/bff/pages/admin/posts/edit/:slug`, `/bff/pages/admin/drafts/:id`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AdminPostEditPage {
    /// The post or draft; none when it is a new one.
    #[serde(default)]
    pub post: Option<EditablePost>,
    /// For the select box.
    pub categories: Vec<TermCard>,
}
impl PageModel for AdminPostEditPage {}

/// A post or a draft as its author edits it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EditablePost {
    /// Id.
    pub id: String,
    /// Slug; empty for a draft that has none yet.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Markdown.
    pub content: String,
    /// As the author wrote it; empty means: made from the text.
    #[serde(default)]
    pub excerpt: String,
    /// Slug of the category; empty for none.
    #[serde(default)]
    pub category: String,
    /// Tag names, separated by commas.
    #[serde(default)]
    pub tags: String,
    /// Status.
    pub status: PostStatus,
    /// Sent back when it is saved.
    pub version: u32,
    /// URL of the cover image; empty for none.
    #[serde(default)]
    pub cover: String,
    /// Title for search engines; empty for the title itself.
    #[serde(default)]
    pub seo_title: String,
    /// Description for search engines; empty for the excerpt.
    #[serde(default)]
    pub seo_description: String,
    /// Where it was published first; empty for here.
    #[serde(default)]
    pub canonical: String,
    /// Whether it leads the home page.
    #[serde(default)]
    pub featured: bool,
    /// When it will be published; empty when nothing is planned.
    #[serde(default)]
    pub scheduled_at: String,
}
