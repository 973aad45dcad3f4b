//! Likes of posts and comments.

use serde::{Deserialize, Serialize};

/// Likes of a post or a comment, and whether the caller is among them: answer of
/// `POST /api/likes/:postId/toggle`, `GET /api/likes/:postId/status` and
/// `POST /api/comments/:id/like`. Both posts take `?liked=true|false` to say what is wanted instead
/// of toggling.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LikeStatus {
    /// Whether the caller likes it.
    pub liked: bool,
    /// How many do.
    pub likes: u32,
}
