//! The admin area: what is written.

use serde::{Deserialize, Serialize};

use super::{Count, PageModel, TermCard};
use crate::blog::{PostStatus, TermRef};

/// `/bff/pages/admin`. Optional parts: `users`, `comments`, `held_comments`, `numbers`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AdminHomePage {
    /// Public posts (an author's own).
    pub public_posts: u32,
    /// Drafts.
    pub drafts: u32,
    /// Accounts; none for an author.
    #[serde(default)]
    pub users: Option<u32>,
    /// Categories.
    pub categories: u32,
    /// Tags.
    pub tags: u32,
    /// Changed last.
    pub recent: Vec<AdminPostRow>,
    /// Live modules; none for an author.
    #[serde(default)]
    pub modules: Vec<ModuleRow>,
    /// Comments that wait for a decision; none for an author.
    #[serde(default)]
    pub held_comments: Option<u32>,
    /// The newest comments; none for an author.
    #[serde(default)]
    pub comments: Vec<AdminCommentRow>,
    /// Views and visitors, today and by day; none for an author.
    #[serde(default)]
    pub numbers: Option<Numbers>,
    /// Whether each service answers; none for an author.
    #[serde(default)]
    pub services: Vec<ServiceRow>,
    /// What the last reconciliation found; none for an author and before the first one.
    #[serde(default)]
    pub reconciliation: Option<ReconciliationRow>,
    /// Parts that are not available now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}
impl PageModel for AdminHomePage {}

/// The last reconciliation on the dashboard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReconciliationRow {
    /// When, RFC 3339.
    pub at: String,
    /// How many things were wrong. Expected: 0.
    pub drift: u32,
    /// Services that could not count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<String>,
}

/// A live module on the dashboard.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ModuleRow {
    /// Name.
    pub name: String,
    /// Live version.
    pub version: String,
    /// When it went live.
    pub released_at: String,
    /// Renderings in the sandbox since the start.
    pub renders: u32,
    /// How many of them failed.
    pub failures: u32,
}

/// A service on the dashboard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceRow {
    /// Name.
    pub name: String,
    /// Whether it can answer now.
    pub ready: bool,
}

/// How much the site is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbers {
    /// Views today (UTC).
    pub views_today: u32,
    /// Visitors today.
    pub visitors_today: u32,
    /// Views in the time asked for.
    pub views: u32,
    /// Visitors in the time asked for, each counted once a day.
    pub visitors: u32,
    /// Views by day, oldest first.
    #[serde(default)]
    pub by_day: Vec<Count>,
}

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

/// `/bff/pages/admin/categories`, `/bff/pages/admin/tags`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AdminTermsPage {
    /// By name; those without posts too.
    pub items: Vec<TermCard>,
}
impl PageModel for AdminTermsPage {}

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
    /// As in [`super::CommentView::state`].
    pub state: String,
    /// How often it was reported.
    #[serde(default)]
    pub reports: u32,
}

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
