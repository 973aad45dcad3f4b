//! Categories and tags.
//!
//! `POST /api/categories` (ADMIN) and `POST /api/tags` (AUTHOR) make one ([`TermInput`] → 201 [`Term`]),
//! `PUT …/:slug` (ADMIN) changes it, `DELETE …/:slug` (ADMIN) removes it from all posts and answers 204,
//! `POST …/:slug/merge` (ADMIN, [`MergeInput`] → [`Term`]) moves its posts to another. A changed or merged
//! slug answers 301 from then on.

use serde::{Deserialize, Serialize};

/// A category or a tag: `GET /api/categories`, `GET /api/tags` (a bare array of these, those with
/// most posts first) and `GET /api/categories/:slug`, `GET /api/tags/:slug`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Term {
    /// UUIDv7.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Last part of its URL.
    pub slug: String,
    /// Plain text.
    #[serde(default)]
    pub description: Option<String>,
    /// Index of its colour in the palette (0–11).
    #[serde(default)]
    pub color: u32,
    /// Name of an icon, or one emoji; categories only.
    #[serde(default)]
    pub icon: Option<String>,
    /// Public posts.
    pub posts: u32,
    /// Grows by one with each change of the term itself.
    #[serde(default)]
    pub version: u32,
}

/// Body of `POST` and `PUT` of a category or a tag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TermInput {
    /// 1–50 characters, with at least one letter or digit.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 50))]
    pub name: String,
    /// Made from the name when absent or empty; in a PUT it stays then.
    #[serde(default)]
    pub slug: Option<String>,
    /// At most 500 characters; categories only.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub description: Option<String>,
    /// At most 32 characters; categories only.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 32))]
    pub icon: Option<String>,
    /// Index of its colour in the palette (0–11); categories only. The next free one when absent; in a
    /// PUT it stays then.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(maximum = 11))]
    pub color: Option<u32>,
    /// The version this change was made from. A stale one is a 409; without it the last change wins.
    #[serde(default)]
    pub version: Option<u32>,
}

/// Body of `POST /api/categories/:slug/merge` and `POST /api/tags/:slug/merge`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MergeInput {
    /// Slug of the one that stays.
    pub into: String,
}
