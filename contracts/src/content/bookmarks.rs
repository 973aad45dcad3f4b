//! Bookmarks.

use serde::{Deserialize, Serialize};

/// A bookmark: answer of `POST /api/bookmarks/:postId` (201 when it is new, else 200). `DELETE` of
/// the same answers 204.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bookmark {
    /// Id of the post.
    pub post_id: String,
    /// RFC 3339.
    pub created_at: String,
}

/// `GET /api/bookmarks?page&size` (USER), newest first. Posts that the caller may not see any more
/// are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bookmarks {
    /// Items of this page.
    pub items: Vec<Bookmark>,
    /// Items on all pages.
    pub total: u32,
}

/// `GET /api/bookmarks/:postId/status` (USER)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BookmarkStatus {
    /// Whether the caller bookmarked it.
    pub bookmarked: bool,
}
