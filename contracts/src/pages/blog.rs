//! The blog's pages, but for a single post.

use serde::{Deserialize, Serialize};

use super::{PageModel, PostCard, PostLink, TermCard};
use crate::blog::TermRef;

/// `/bff/pages/home`. Optional parts: `featured`, `popular`, `tags`, `categories`, `notices`, `pages`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HomePage {
    /// The post to lead with.
    #[serde(default)]
    pub featured: Option<PostCard>,
    /// The newest after it.
    pub latest: Vec<PostCard>,
    /// Tags with most posts.
    #[serde(default)]
    pub tags: Vec<TermCard>,
    /// Categories with posts.
    #[serde(default)]
    pub categories: Vec<TermCard>,
    /// Public posts.
    pub total: u32,
    /// Read most.
    #[serde(default)]
    pub popular: Vec<PostLink>,
    /// The newest notices, pinned ones first.
    #[serde(default)]
    pub notices: Vec<NoticeCard>,
    /// Static pages, a few.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<PageLink>,
    /// Parts that are not available now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}
impl PageModel for HomePage {}

/// A static page in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageLink {
    /// Last part of its URL.
    pub slug: String,
    /// Title.
    pub title: String,
}

/// `/bff/pages/posts?page=&sort=&category=&tag=`, `/bff/pages/categories/:slug?page=&sort=`,
/// `/bff/pages/tags/:slug?page=&sort=`, `/bff/pages/authors/:id?page=&sort=`. Optional part: `categories`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PostListPage {
    /// The category or tag, when the list is of one.
    #[serde(default)]
    pub term: Option<TermCard>,
    /// The posts of this page.
    pub items: Vec<PostCard>,
    /// This page, from 1.
    pub page: u32,
    /// Posts on a full page.
    pub size: u32,
    /// Posts on all pages.
    pub total: u32,
    /// The author, when the list is of one.
    #[serde(default)]
    pub author: Option<AuthorCard>,
    /// `newest`, `popular` or `liked`.
    #[serde(default)]
    pub sort: String,
    /// Slug of the category that the list is narrowed to; empty for none. Only `/bff/pages/posts`.
    #[serde(default)]
    pub category: String,
    /// Slug of the tag that the list is narrowed to; empty for none. Only `/bff/pages/posts`.
    #[serde(default)]
    pub tag: String,
    /// Categories with posts, to choose from. Only `/bff/pages/posts`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<TermCard>,
    /// Parts that are not available now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}
impl PageModel for PostListPage {}

/// Who writes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorCard {
    /// User id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Picture.
    #[serde(default)]
    pub avatar: Option<String>,
    /// A few words.
    #[serde(default)]
    pub bio: String,
}

/// `/bff/pages/categories`, `/bff/pages/tags`: those with posts, most first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TermsPage {
    /// The terms.
    pub items: Vec<TermCard>,
}
impl PageModel for TermsPage {}

/// `/bff/pages/archive?page=`: all public posts by month, newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ArchivePage {
    /// The months of this page; the first and the last may go on on the pages beside it.
    pub months: Vec<ArchiveMonth>,
    /// This page, from 1.
    pub page: u32,
    /// Posts on a full page.
    pub size: u32,
    /// Posts on all pages.
    pub total: u32,
}
impl PageModel for ArchivePage {}

/// The posts of a month (UTC).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveMonth {
    /// `2026-03`.
    pub month: String,
    /// Newest first.
    pub posts: Vec<PostLink>,
}

/// `/bff/pages/search?q=&page=&category=&tag=`. Without `q` there are no hits. Optional part: `pages`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SearchPage {
    /// What was searched for.
    pub q: String,
    /// Slug of the category that hits are narrowed to; empty for none.
    #[serde(default)]
    pub category: String,
    /// Slug of the tag that hits are narrowed to; empty for none.
    #[serde(default)]
    pub tag: String,
    /// Best first.
    pub items: Vec<SearchHit>,
    /// This page, from 1.
    pub page: u32,
    /// Hits on a full page.
    pub size: u32,
    /// Hits on all pages.
    pub total: u32,
    /// Categories of the hits, with how many.
    #[serde(default)]
    pub categories: Vec<TermCard>,
    /// Tags of the hits, with how many.
    #[serde(default)]
    pub tags: Vec<TermCard>,
    /// What may have been meant.
    #[serde(default)]
    pub suggestion: Option<String>,
    /// Pages and notices with these words, a few; only beside the first posts, and where nothing narrows them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<PageHit>,
    /// Parts that are not available now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}
impl PageModel for SearchPage {}

/// A page or notice that was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageHit {
    /// Path on this site, percent-encoded.
    pub href: String,
    /// Title.
    pub title: String,
    /// Whether it is a notice.
    #[serde(default)]
    pub notice: bool,
    /// The beginning as plain text.
    #[serde(default)]
    pub excerpt: String,
}

/// A post that was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchHit {
    /// Path on this site, percent-encoded.
    pub href: String,
    /// Title, with what matched marked.
    pub title: Vec<Segment>,
    /// A piece of the text around what matched.
    pub excerpt: Vec<Segment>,
    /// Author.
    #[serde(default)]
    pub author_name: String,
    /// When it was published.
    #[serde(default)]
    pub published_at: String,
    /// Category.
    #[serde(default)]
    pub category: Option<TermRef>,
}

/// A piece of text that matched, or not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Plain text.
    pub text: String,
    /// Whether it matched: shown in a `<mark>`.
    #[serde(default)]
    pub hit: bool,
}

/// `/bff/pages/notices?page=`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NoticesPage {
    /// Pinned ones first, then newest first.
    pub items: Vec<NoticeCard>,
    /// This page, from 1.
    pub page: u32,
    /// Notices on a full page.
    pub size: u32,
    /// Notices on all pages.
    pub total: u32,
}
impl PageModel for NoticesPage {}

/// A notice in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeCard {
    /// Last part of its URL.
    pub slug: String,
    /// Title.
    pub title: String,
    /// A word in front of the title; empty for none.
    #[serde(default)]
    pub badge: String,
    /// Whether it stays on top.
    #[serde(default)]
    pub pinned: bool,
    /// When it was published.
    pub published_at: String,
}

/// `/bff/pages/pages/:slug`, `/bff/pages/notices/:slug`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StaticPage {
    /// Id, for cache tags and for counting views.
    pub id: String,
    /// Last part of its URL.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Sanitised HTML.
    pub html: String,
    /// `STATIC` or `NOTICE`.
    pub kind: String,
    /// A word in front of the title; empty for none.
    #[serde(default)]
    pub badge: String,
    /// `default`, `wide` or `resume`.
    #[serde(default)]
    pub template: String,
    /// Name of the author.
    #[serde(default)]
    pub author_name: String,
    /// When it was published; none for a draft.
    #[serde(default)]
    pub published_at: Option<String>,
    /// Last change.
    pub updated_at: String,
    /// Whether this visitor may edit it.
    #[serde(default)]
    pub can_edit: bool,
}
impl PageModel for StaticPage {}
