//! Page view-models: what `/bff/pages/…` answers, one type a page.
//!
//! Times are RFC 3339 UTC strings; formatting is the page's business. Counts are `u32`: a JavaScript
//! number holds them.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::blog::{PostStatus, TermRef};

/// A view-model that a page can ask for.
pub trait PageModel: Clone + Serialize + DeserializeOwned + 'static {
    /// Moves out the big piece of HTML that the rendered page shows verbatim, so that a document
    /// does not carry it twice. The browser half reads it back from the element that carries
    /// `data-html` and gives it to [`PageModel::restore_html`].
    fn take_html(&mut self) -> Option<String> {
        None
    }

    /// Puts back what [`PageModel::take_html`] moved out.
    fn restore_html(&mut self, _html: String) {}
}

/// A post in a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PostCard {
    /// Last part of its URL, not percent-encoded.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Plain text, at most about 200 characters.
    pub excerpt: String,
    /// URL of the cover image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<String>,
    /// Display name of the author.
    pub author_name: String,
    /// Picture of the author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_avatar: Option<String>,
    /// When it was published.
    pub published_at: String,
    /// Minutes.
    pub reading_minutes: u32,
    /// Its category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<TermRef>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<TermRef>,
    /// Language of the text: `ko`, `en`.
    #[serde(default)]
    pub locale: String,
}

/// A category or tag with its number of public posts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TermCard {
    /// Display name.
    pub name: String,
    /// Last part of its URL.
    pub slug: String,
    /// Description, plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Index of its colour in the palette (0–11).
    #[serde(default)]
    pub color: u32,
    /// Public posts.
    pub posts: u32,
}

/// `/bff/pages/home`
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
}
impl PageModel for HomePage {}

/// `/bff/pages/posts?page=`, `/bff/pages/categories/:slug?page=`, `/bff/pages/tags/:slug?page=`
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
}
impl PageModel for PostListPage {}

/// `/bff/pages/post/:slug`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PostPage {
    /// Id, for cache tags and later calls.
    pub id: String,
    /// What the card has. Not flattened: the browser half reads it without buffering a map.
    pub card: PostCard,
    /// The article: sanitised HTML.
    pub html: String,
    /// Headings of level 2 and 3.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub toc: Vec<TocEntry>,
    /// Last change, when it is after publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    /// Other people who wrote it, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub co_authors: Vec<String>,
    /// The author says of themself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_bio: Option<String>,
    /// Where it was published first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canonical: Option<String>,
    /// `PUBLIC`, or another when an author looks at their own.
    #[serde(default)]
    pub status: PostStatus,
    /// Whether this visitor may edit it.
    #[serde(default)]
    pub can_edit: bool,
    /// Title and description for search engines, when the author set them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seo_title: Option<String>,
    /// See `seo_title`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seo_description: Option<String>,
}
impl PageModel for PostPage {
    fn take_html(&mut self) -> Option<String> {
        Some(std::mem::take(&mut self.html))
    }

    fn restore_html(&mut self, html: String) {
        self.html = html;
    }
}

/// A heading in the table of contents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TocEntry {
    /// 2 or 3.
    pub level: u32,
    /// Fragment.
    pub id: String,
    /// Plain text.
    pub text: String,
}

/// `/bff/pages/my/settings`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SettingsPage {
    /// E-mail address.
    pub email: String,
    /// Display name.
    pub name: String,
    /// A few words about oneself.
    #[serde(default)]
    pub bio: String,
    /// Picture.
    #[serde(default)]
    pub avatar: Option<String>,
}
impl PageModel for SettingsPage {}

/// `/bff/pages/setup?token=`: whether the one-time link that makes the first admin is still good.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupPage {
    /// False once it was used.
    pub valid: bool,
}
impl PageModel for SetupPage {}

/// `/bff/pages/admin`
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
}
impl PageModel for AdminHomePage {}

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

/// `/bff/pages/admin/posts?page=&status=&q=`
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
    /// Which status was asked for; empty for all.
    #[serde(default)]
    pub status: String,
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
    /// When it was published, if it was.
    #[serde(default)]
    pub published_at: Option<String>,
    /// Last change.
    pub updated_at: String,
    /// For optimistic concurrency when it is deleted or published from the table.
    pub version: u32,
}

/// `/bff/pages/admin/posts/new`, `/bff/pages/admin/posts/edit/:slug`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AdminPostEditPage {
    /// The post; none when it is a new one.
    #[serde(default)]
    pub post: Option<EditablePost>,
    /// For the select box.
    pub categories: Vec<TermCard>,
}
impl PageModel for AdminPostEditPage {}

/// A post as its author edits it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EditablePost {
    /// Id.
    pub id: String,
    /// Slug.
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
}
