//! The BFF's page cache: `/api/cache`, for admins.

use serde::{Deserialize, Serialize};

/// `GET /api/cache`: what this replica keeps, and what became of those who asked since its start.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CacheStatus {
    /// Pages, feeds and site maps that are kept.
    pub entries: u64,
    /// Bytes that they are counted with.
    pub bytes: u64,
    /// Bytes that there may be.
    pub capacity: u64,
    /// Answered with what was kept.
    pub hits: u64,
    /// Answered with what was kept and not fresh any more, while a new one was made or could not be.
    pub stale: u64,
    /// Made before they could be answered.
    pub misses: u64,
    /// Could not be made, or not whole.
    pub failures: u64,
    /// Forgotten because something changed.
    pub purged: u64,
    /// What the pages are made of, that of most pages first; at most a hundred.
    pub tags: Vec<TagCount>,
}

/// A name of what pages are made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TagCount {
    /// `posts`, `post:<id>`, `author:<id>`, …
    pub tag: String,
    /// How many pages are made of it.
    pub entries: u64,
}

/// `GET /api/cache/keys?tag=`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TagKeys {
    /// Which.
    pub tag: String,
    /// Language and path of each page that is made of it: `en /posts?page=2`.
    pub keys: Vec<String>,
}

/// Body of `POST /api/cache/purge`: exactly one of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PurgeInput {
    /// All pages made of this.
    #[serde(default)]
    pub tag: Option<String>,
    /// The page at this path, whatever the language and the query.
    #[serde(default)]
    pub path: Option<String>,
    /// All pages.
    #[serde(default)]
    pub all: bool,
}

/// Answer of `POST /api/cache/purge`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Purged {
    /// Pages that this replica forgot.
    pub purged: u64,
    /// Whether the other replicas were told.
    pub told: bool,
}
