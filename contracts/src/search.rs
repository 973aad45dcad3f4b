//! Bodies of the blog service's search, of the posts beside a post, of the preview; and where its
//! feeds are.
//!
//! Feeds and maps of the site are answered by the blog service at the paths where readers expect
//! them; the BFF forwards these GET (and HEAD) requests as they are, with `If-None-Match` and
//! `If-Modified-Since`, and the answers with `ETag`, `Last-Modified`, `Cache-Control`, `Content-Type`:
//!
//! | path | what |
//! | --- | --- |
//! | `/feed.xml`, `/atom.xml`, `/feed.json` | RSS 2.0, Atom, JSON Feed 1.1 of all public posts |
//! | `/categories/:slug/feed.xml` (`atom.xml`, `feed.json`) | of a category |
//! | `/tags/:slug/feed.xml` (`atom.xml`, `feed.json`) | of a tag |
//! | `/authors/:id/feed.xml` (`atom.xml`, `feed.json`) | of an author |
//! | `/sitemap.xml` | all public URLs, or an index once they are more than 50,000 |
//! | `/sitemaps/:number.xml` | the parts of that index, from 1 |
//! | `/robots.txt` | where the map is, and what is not for robots |

use serde::{Deserialize, Serialize};

use crate::{blog::PostSummary, pages::TocEntry};

/// `GET /api/search?q=&category=&tag=&author=&from=&to=&page=&size=`: public posts, the best first.
///
/// `category` and `tag` are slugs, `author` an id, `from` and `to` days (`2026-01-31`, both included).
/// Without `q`, everything that passes the filters, newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchPage {
    /// The hits of this page.
    pub items: Vec<Hit>,
    /// Hits on all pages.
    pub total: u32,
    /// Categories, tags and years of all hits.
    #[serde(default)]
    pub facets: Facets,
    /// What was perhaps meant, when a word is not known.
    #[serde(default)]
    pub did_you_mean: Option<String>,
}

/// A post that was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hit {
    /// The post.
    pub post: PostSummary,
    /// Its title.
    pub title: Vec<Segment>,
    /// The part of its text that tells most of why it was found.
    pub snippet: Vec<Segment>,
}

/// A piece of plain text. Pieces follow each other without blanks between.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Segment {
    /// Plain text, not HTML.
    pub text: String,
    /// Whether it is what was searched for (`<mark>`).
    #[serde(default)]
    pub marked: bool,
}

/// How the hits are spread.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Facets {
    /// By category, those with most hits first.
    pub categories: Vec<Facet>,
    /// By tag, those with most hits first; at most 20.
    pub tags: Vec<Facet>,
    /// By year of publication, newest first.
    pub years: Vec<Facet>,
}

/// One value of a facet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Facet {
    /// What to filter by: a slug, a year.
    pub value: String,
    /// How it is called.
    pub name: String,
    /// Hits that have it.
    pub count: u32,
}

/// `GET /api/search/suggest?q=&size=`: what somebody who typed so much may be looking for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suggestions {
    /// The best first.
    pub items: Vec<Suggestion>,
}

/// One suggestion.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suggestion {
    /// What it is.
    pub kind: SuggestionKind,
    /// Title, name or word.
    pub text: String,
    /// Path on this site, not percent-encoded: of the post, category or tag, or of the search for the
    /// word.
    pub path: String,
}

/// What a suggestion leads to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum SuggestionKind {
    /// A post.
    #[default]
    Post,
    /// A category.
    Category,
    /// A tag.
    Tag,
    /// A word to search for.
    Word,
}

/// `GET /api/posts/:slug/adjacent`: the public posts that were published before and after it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Adjacent {
    /// The one before it.
    #[serde(default)]
    pub previous: Option<PostSummary>,
    /// The one after it.
    #[serde(default)]
    pub next: Option<PostSummary>,
}

/// `GET /api/posts/:slug/related?size=`: public posts that share tags, category or words, the nearest
/// first; 5 when `size` is absent, at most 20.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Related {
    /// The posts.
    pub items: Vec<PostSummary>,
}

/// Body of `POST /api/posts/preview` (AUTHOR).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PreviewInput {
    /// Markdown, at most 500,000 characters.
    #[cfg_attr(feature = "openapi", schema(max_length = 500_000))]
    pub content: String,
    /// `ko` or `en`; recognised from the text when absent or empty.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(pattern = "^(ko|en)?$"))]
    pub locale: Option<String>,
}

/// Answer of `POST /api/posts/preview`: the text as readers will see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// Sanitised HTML.
    pub html: String,
    /// Headings of level 2 and 3.
    #[serde(default)]
    pub toc: Vec<TocEntry>,
    /// The excerpt that is made from the text.
    pub excerpt: String,
    /// Minutes.
    pub reading_minutes: u32,
    /// `ko` or `en`.
    pub locale: String,
}

/// Answer of `POST /internal/search/rebuild`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchRebuild {
    /// Posts that will be indexed anew.
    pub queued: u32,
}
