//! Settings of comments: who may write, and the rules against spam.

use serde::{Deserialize, Serialize};

/// Rules against spam: `GET`/`PUT /api/comments/settings` (ADMIN).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CommentSettings {
    /// Whether guests may write.
    pub guests_allowed: bool,
    /// Every guest's comment waits for review.
    pub hold_guests: bool,
    /// A guest's comment waits for review until one of theirs was approved.
    pub hold_first_guest: bool,
    /// A comment with so many links waits for review; 0 for never. At most 100.
    #[cfg_attr(feature = "openapi", schema(maximum = 100))]
    pub hold_links: u32,
    /// A comment with so many links is refused; 0 for never. At most 100.
    #[cfg_attr(feature = "openapi", schema(maximum = 100))]
    pub refuse_links: u32,
    /// A comment that so many members reported waits for review again; 0 for never. At most 100.
    #[cfg_attr(feature = "openapi", schema(maximum = 100))]
    pub hold_reports: u32,
    /// A comment with one of these words waits for review; at most 200, each 2–50 characters.
    #[cfg_attr(feature = "openapi", schema(max_items = 200))]
    pub banned_words: Vec<String>,
    /// Grows by one with each change; a stale one is a 409.
    pub version: u32,
}

impl Default for CommentSettings {
    fn default() -> Self {
        Self {
            guests_allowed: true,
            hold_guests: false,
            hold_first_guest: true,
            hold_links: 2,
            refuse_links: 8,
            hold_reports: 5,
            banned_words: Vec::new(),
            version: 0,
        }
    }
}
