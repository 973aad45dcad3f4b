//! Bodies of the page service: static pages and notices.

use serde::{Deserialize, Serialize};

/// What a page is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum PageKind {
    /// Lives at `/pages/:slug`.
    #[default]
    Static,
    /// Lives at `/notices/:slug`.
    Notice,
}

/// Where a page is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum PageStatus {
    /// Seen by admins.
    #[default]
    Draft,
    /// Seen by everybody.
    Published,
    /// Deleted; can be restored.
    Trashed,
}

/// How a page is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum PageTemplate {
    /// Like an article.
    #[default]
    Default,
    /// The whole width.
    Wide,
    /// A curriculum vitae.
    Resume,
}

/// A page without its text: `GET /api/pages` and `GET /api/pages/notices` (items).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PageSummary {
    /// UUIDv7.
    pub id: String,
    /// Last part of its URL.
    pub slug: String,
    /// Title.
    pub title: String,
    /// What it is for.
    #[serde(rename = "type")]
    pub kind: PageKind,
    /// Where it is in its life.
    pub status: PageStatus,
    /// A word beside the title: `Important`.
    #[serde(default)]
    pub badge: Option<String>,
    /// Stands before the others.
    #[serde(default)]
    pub pinned: bool,
    /// How it is laid out.
    #[serde(default)]
    pub template: PageTemplate,
    /// The beginning as plain text.
    #[serde(default)]
    pub excerpt: String,
    /// Id of the author.
    pub author_id: String,
    /// Copied from the account, kept fresh by events; empty when the account was deleted.
    pub author_name: String,
    /// See `author_name`.
    #[serde(default)]
    pub author_avatar: Option<String>,
    /// Language of the text: `ko`, `en`.
    pub locale: String,
    /// RFC 3339; none until it is published.
    #[serde(default)]
    pub published_at: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
    /// Grows by one with each change.
    pub version: u32,
}

/// `GET /api/pages?type&status&q&page&size`, `GET /api/pages/notices?page&size` (pinned first, then
/// newest). Everybody gets published ones; `status=DRAFT|PUBLISHED|TRASHED|ALL` is for admins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PageList {
    /// Items of this page.
    pub items: Vec<PageSummary>,
    /// Items on all pages.
    pub total: u32,
}

/// A whole page: `GET /api/pages/:slug` (an id does too). 301 `moved` when it has another slug now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page {
    /// What lists have.
    #[serde(flatten)]
    pub summary: PageSummary,
    /// Sanitised HTML.
    pub html: String,
    /// Headings of level 2 and 3.
    #[serde(default)]
    pub toc: Vec<crate::pages::TocEntry>,
    /// Markdown source; only for admins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
}

/// Body of `POST /api/pages` and `PUT /api/pages/:id` (ADMIN). `DELETE /api/pages/:id?version=` moves
/// to the trash (204), `POST /api/pages/:id/restore` takes out of it, `POST /api/pages/:id/purge`
/// ends it for good (204).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PageInput {
    /// 1–200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub title: String,
    /// Markdown, at most 200,000 characters.
    #[cfg_attr(feature = "openapi", schema(max_length = 200000))]
    pub content: String,
    /// Made from the title when absent or empty; stays as it is on a change.
    #[serde(default)]
    pub slug: Option<String>,
    /// STATIC when absent; stays as it is on a change.
    #[serde(default, rename = "type")]
    pub kind: Option<PageKind>,
    /// DRAFT when absent; stays as it is on a change. Not TRASHED.
    #[serde(default)]
    pub status: Option<PageStatus>,
    /// At most 20 characters; none when absent or empty.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 20))]
    pub badge: Option<String>,
    /// Stays as it is when absent.
    #[serde(default)]
    pub pinned: Option<bool>,
    /// Stays as it is when absent.
    #[serde(default)]
    pub template: Option<PageTemplate>,
    /// `ko` or `en`; recognised from the text when absent or empty.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(pattern = "^(ko|en)?$"))]
    pub locale: Option<String>,
    /// The version this change was made from. Required for PUT; a stale one is a 409.
    #[serde(default)]
    pub version: Option<u32>,
}

/// `GET /internal/pages/:id/whole`: everything an export needs, in whatever status.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WholePage {
    /// The page with its source.
    pub page: Page,
    /// Old paths that lead to it.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// A published page as the sitemap needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SitemapPage {
    /// UUIDv7.
    pub id: String,
    /// Path on this site: `/pages/about`, `/notices/welcome`.
    pub path: String,
    /// Language of the text: `ko`, `en`.
    pub locale: String,
    /// RFC 3339.
    pub updated_at: String,
}

/// `GET /internal/pages?after=&limit=`: published pages and notices, by id. Ask on with `after` =
/// `next` until that is none; with `all=true` drafts too. `GET /internal/pages/:id` answers the whole [`Page`] in any status,
/// its source included.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SitemapPages {
    /// Ordered by id.
    pub items: Vec<SitemapPage>,
    /// What to send as `after` for more.
    #[serde(default)]
    pub next: Option<String>,
}

/// Body of `PUT /internal/import/pages`: makes the page with this `source`, or changes it where it
/// differs. Answer: [`ImportedPage`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ImportPage {
    /// What identifies it across imports: `wordpress:<post id>`.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub source: String,
    /// Wanted slug; a number is added when another page has it.
    pub slug: String,
    /// Title.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub title: String,
    /// Markdown with image references already rewritten.
    #[cfg_attr(feature = "openapi", schema(max_length = 200000))]
    pub content: String,
    /// What it is for.
    #[serde(default, rename = "type")]
    pub kind: PageKind,
    /// DRAFT or PUBLISHED.
    #[serde(default)]
    pub status: PageStatus,
    /// A word beside the title.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 20))]
    pub badge: Option<String>,
    /// Stands before the others.
    #[serde(default)]
    pub pinned: bool,
    /// How it is laid out.
    #[serde(default)]
    pub template: PageTemplate,
    /// Account of the author.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub author_id: String,
    /// Name of the author.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub author_name: String,
    /// Picture of the author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_avatar: Option<String>,
    /// RFC 3339.
    #[serde(default)]
    pub published_at: Option<String>,
    /// RFC 3339; the time of publication when absent.
    #[serde(default)]
    pub updated_at: Option<String>,
    /// Language of the text; recognised from it when absent.
    #[serde(default)]
    pub locale: Option<String>,
    /// Old paths of this page, each starting with `/`: `GET /internal/redirects?path=` of this service
    /// finds them, and changed slugs, as that of blog does.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// Answer of `PUT /internal/import/pages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportedPage {
    /// What happened.
    pub change: crate::blog::ImportChange,
    /// Id of the page.
    pub id: String,
    /// The page's slug.
    pub slug: String,
}
