//! Working copies.
//!
//! `GET /api/drafts?page&size&post=` → `Paged<DraftSummary>` (one's own; ADMIN `?author=ID` or `?author=all`),
//! last changed first · `POST /api/drafts` ([`DraftInput`]) → 201 [`Draft`] · `GET`/`PUT`/`DELETE
//! /api/drafts/:id` · `POST /api/drafts/:id/publish` ([`PublishInput`]) → 201 the new post, or 200 the changed
//! one; the draft is gone then. Saving a draft twice a minute is what it is made for: nothing is rendered.

use serde::{Deserialize, Serialize};

use super::PostStatus;

/// A draft in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DraftSummary {
    /// UUIDv7.
    pub id: String,
    /// May be empty still.
    pub title: String,
    /// Whose it is.
    pub author_id: String,
    /// Their name.
    pub author_name: String,
    /// Id of the post that it changes; none when it stands alone.
    #[serde(default)]
    pub post_id: Option<String>,
    /// Slug of that post.
    #[serde(default)]
    pub post_slug: Option<String>,
    /// Version of the post that it was made from.
    #[serde(default)]
    pub post_version: Option<u32>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
    /// Grows by one with each save.
    pub version: u32,
}

/// A draft: `GET /api/drafts/:id`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Draft {
    /// What lists have.
    #[serde(flatten)]
    pub summary: DraftSummary,
    /// Markdown.
    pub content: String,
    /// Wanted slug of the post.
    #[serde(default)]
    pub slug: Option<String>,
    /// As typed.
    #[serde(default)]
    pub excerpt: Option<String>,
    /// URL of the cover image.
    #[serde(default)]
    pub cover: Option<String>,
    /// Slug of a category.
    #[serde(default)]
    pub category: Option<String>,
    /// Names of tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Language of the text.
    #[serde(default)]
    pub locale: Option<String>,
    /// Where it was published first.
    #[serde(default)]
    pub canonical: Option<String>,
    /// For search engines.
    #[serde(default)]
    pub seo_title: Option<String>,
    /// For search engines.
    #[serde(default)]
    pub seo_description: Option<String>,
    /// Joins the languages of one text.
    #[serde(default)]
    pub translation_group: Option<String>,
    /// Whether readers may comment.
    #[serde(default)]
    pub comments_allowed: Option<bool>,
}

/// Body of `POST /api/drafts` and `PUT /api/drafts/:id`: the whole draft as it is now, with the limits of
/// [`super::PostInput`]; only the title may still be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DraftInput {
    /// At most 200 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub title: String,
    /// Markdown, at most 500,000 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 500_000))]
    pub content: String,
    /// Wanted slug of the post.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub slug: Option<String>,
    /// At most 500 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub excerpt: Option<String>,
    /// URL of the cover image.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000))]
    pub cover: Option<String>,
    /// Slug of a category; looked up when it is published.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub category: Option<String>,
    /// Names of tags (at most 20, each at most 50 characters).
    #[serde(default)]
    pub tags: Vec<String>,
    /// Language of the text.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(pattern = "^(ko|en)?$"))]
    pub locale: Option<String>,
    /// See [`super::PostInput::canonical`].
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000))]
    pub canonical: Option<String>,
    /// At most 200 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub seo_title: Option<String>,
    /// At most 500 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub seo_description: Option<String>,
    /// See [`super::PostInput::translation_group`].
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 80))]
    pub translation_group: Option<String>,
    /// Whether readers may comment.
    #[serde(default)]
    pub comments_allowed: Option<bool>,
    /// Slug of the post that it is to change; only for POST. When the draft brings neither title nor
    /// text, it starts as the post is now. A post has one draft for each author: that one is answered (200)
    /// when it is there already.
    #[serde(default)]
    pub post: Option<String>,
    /// The version this save was made from. Required for PUT; a stale one is a 409 with `current`.
    #[serde(default)]
    pub version: Option<u32>,
}

/// Body of `POST /api/drafts/:id/publish`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PublishInput {
    /// RFC 3339, in the future: the post becomes SCHEDULED. Absent: now. Not for a post that is public
    /// already.
    #[serde(default)]
    pub at: Option<String>,
    /// PUBLIC when absent; PRIVATE or DRAFT keep it from readers. Not with `at`.
    #[serde(default)]
    pub status: Option<PostStatus>,
    /// Version of the draft that is meant; a stale one is a 409.
    #[serde(default)]
    pub version: Option<u32>,
    /// Version of the post that may be replaced, when that is newer than the one the draft was made from
    /// (else a 409 with the post as `current`).
    #[serde(default)]
    pub post_version: Option<u32>,
}
