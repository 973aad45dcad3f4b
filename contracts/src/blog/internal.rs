//! Bodies of the blog service's internal routes.

use serde::{Deserialize, Serialize};

use super::{PostStatus, Term};
use crate::events::PostFacts;

/// `GET /internal/posts/:id`. 404 when there is none; one in the trash is there still.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PostRef {
    /// UUIDv7.
    pub id: String,
    /// Last part of its URL.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Whose it is.
    pub author_id: String,
    /// Where it is in its life.
    pub status: PostStatus,
}

/// `GET /internal/posts/:id/whole`: everything an export needs, in whatever status.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WholePost {
    /// The post with its source.
    pub post: super::Post,
    /// Old paths that lead to it.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// `GET /internal/drafts?after=&limit=` (limit 1–5, 5 when absent): all drafts there are, in the order of their
/// ids, for an export. Few at a time: each has its whole text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WholeDrafts {
    /// The drafts.
    pub items: Vec<WholeDraft>,
    /// `after` of the next page; none on the last one.
    #[serde(default)]
    pub next: Option<String>,
}

/// A draft, and what it would be as a post.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WholeDraft {
    /// The draft.
    pub draft: super::DraftSummary,
    /// The DRAFT post that it would become, with its source and without HTML; its title may be empty, and another
    /// post may live at its slug. None when the draft changes a post.
    #[serde(default)]
    pub post: Option<super::Post>,
}

/// `GET /internal/posts/:id/exists`, also for one in the trash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PostExists {
    /// Whether it is there.
    pub exists: bool,
}

/// `GET /internal/posts/:id/visibility?viewer=&role=`: `viewer` is the id of a user and `role` theirs;
/// both absent for a guest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PostVisibility {
    /// Whether they may see it; false also for a post that is not there.
    pub visible: bool,
    /// Whether its author lets readers comment.
    pub comments_allowed: bool,
}

/// `GET /internal/posts?after=&limit=` (limit 1–500, 200 when absent): all posts there are, in the order
/// of their ids, those in the trash included.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InternalPosts {
    /// The posts.
    pub items: Vec<PostFacts>,
    /// `after` of the next page; none on the last one.
    #[serde(default)]
    pub next: Option<String>,
}

/// `GET /internal/posts/counts?author=`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PostCounts {
    /// PUBLIC posts.
    pub public: u32,
    /// DRAFT posts.
    pub drafts: u32,
    /// All categories.
    pub categories: u32,
    /// All tags.
    pub tags: u32,
}

/// `GET /internal/redirects?path=`: where an old URL lives now. 404 when it is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Redirect {
    /// Path on this site.
    pub location: String,
}

/// Body of `PUT /internal/import/posts`: creates the post with this `source`, or changes it where it
/// differs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportPost {
    /// What identifies it across imports: `markdown:<path relative to the imported folder>`.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub source: String,
    /// Wanted slug; a number is added when another post has it.
    pub slug: String,
    /// Title.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub title: String,
    /// Markdown with image references already rewritten.
    pub content: String,
    /// As written in the front matter.
    #[serde(default)]
    pub excerpt: Option<String>,
    /// URL of the cover image.
    #[serde(default)]
    pub cover: Option<String>,
    /// Account of the author.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub author_id: String,
    /// Name of the author.
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub author_name: String,
    /// Picture of the author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_avatar: Option<String>,
    /// Other people who wrote it.
    #[serde(default)]
    pub co_authors: Vec<String>,
    /// Category name; made when it does not exist.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub category: Option<String>,
    /// Tag names; made when they do not exist.
    #[serde(default)]
    pub tags: Vec<String>,
    /// DRAFT, PUBLIC, PRIVATE, or SCHEDULED with `scheduled_at`.
    pub status: PostStatus,
    /// RFC 3339; with SCHEDULED only. A time that has passed means PUBLIC since then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_at: Option<String>,
    /// Leads the home page.
    #[serde(default)]
    pub featured: bool,
    /// RFC 3339.
    #[serde(default)]
    pub published_at: Option<String>,
    /// RFC 3339; the time of publication when absent.
    #[serde(default)]
    pub updated_at: Option<String>,
    /// Language of the text; recognised from it when absent.
    #[serde(default)]
    pub locale: Option<String>,
    /// Old paths of this post, each starting with `/`; they answer 301.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Where it was published first.
    #[serde(default)]
    pub canonical: Option<String>,
    /// For search engines; what is absent here and below stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seo_title: Option<String>,
    /// For search engines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seo_description: Option<String>,
    /// Joins the posts that are the same text in different languages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub translation_group: Option<String>,
    /// Whether readers may comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comments_allowed: Option<bool>,
}

/// Body of `PUT /internal/import/categories`: what an import knows of a category. Makes it when it
/// does not exist; fills in what nobody has written yet. Answers the [`Term`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportCategory {
    /// Display name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: String,
    /// Plain text.
    #[serde(default)]
    pub description: Option<String>,
    /// Index of its colour in the palette (0–11), used when it is made.
    #[serde(default)]
    pub color: Option<u32>,
    /// Last part of its URL; made from the name when absent.
    #[serde(default)]
    pub slug: Option<String>,
    /// Name of an icon, or one emoji.
    #[serde(default)]
    pub icon: Option<String>,
    /// Old slugs; they answer 301.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// Body of `PUT /internal/import/tags`: what an import knows of a tag. Makes it when it does not exist.
/// Answers the [`Term`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportTag {
    /// Display name.
    pub name: String,
    /// Last part of its URL; made from the name when absent.
    #[serde(default)]
    pub slug: Option<String>,
    /// Old slugs; they answer 301.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// `GET /internal/terms`: all categories and tags, for an export.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WholeTerms {
    /// By slug.
    pub categories: Vec<WholeTerm>,
    /// By slug.
    pub tags: Vec<WholeTerm>,
}

/// A category or a tag with the slugs that lead to it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WholeTerm {
    /// What lists have.
    pub term: Term,
    /// Old slugs.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// Answer of `PUT /internal/import/posts`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportOutcome {
    /// What happened.
    pub change: ImportChange,
    /// The post.
    #[serde(default)]
    pub id: String,
    /// The post's slug.
    pub slug: String,
}

/// What an import did with one post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ImportChange {
    /// It was new.
    Created,
    /// It differed.
    Updated,
    /// It was there already, the same.
    Unchanged,
}
