//! Moderation: the queue of comments, what admins do with many at once, and banned addresses.

use serde::{Deserialize, Serialize};

use super::{CommentState, Report};

/// A comment as admins see it: `GET /api/comments/queue` (items).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueItem {
    /// UUIDv7.
    pub id: String,
    /// Id of the post.
    pub post_id: String,
    /// Last part of the post's URL.
    pub post_slug: String,
    /// Title of the post.
    pub post_title: String,
    /// The comment that this one answers.
    #[serde(default)]
    pub parent_id: Option<String>,
    /// Id of the member who wrote it.
    #[serde(default)]
    pub author_id: Option<String>,
    /// Name of the writer; empty for deleted accounts.
    pub author_name: String,
    /// Picture of a member.
    #[serde(default)]
    pub author_avatar: Option<String>,
    /// Whether a guest wrote it.
    pub is_guest: bool,
    /// Markdown source.
    pub content: String,
    /// Sanitised HTML.
    pub html: String,
    /// See [`super::Comment::is_private`].
    pub is_private: bool,
    /// Where it is in its life.
    pub state: CommentState,
    /// Why it waits: `first_comment`, `guest`, `links`, `banned_word`, `repeated`, `reports`, `edited`.
    #[serde(default)]
    pub held_for: Vec<String>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    #[serde(default)]
    pub edited_at: Option<String>,
    /// RFC 3339; when it was moved to the trash. It is purged 30 days later.
    #[serde(default)]
    pub trashed_at: Option<String>,
    /// How many like it.
    #[serde(default)]
    pub likes: u32,
    /// Reports that no admin has answered yet, newest first, at most 20.
    #[serde(default)]
    pub reports: Vec<Report>,
    /// Short name of the address it came from: equal for comments of the same address, and no more.
    #[serde(default)]
    pub address_tag: Option<String>,
    /// Whether that address is banned.
    #[serde(default)]
    pub is_banned: bool,
}

/// How many comments are in each part of the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueCounts {
    /// Waiting for review.
    pub pending: u32,
    /// With reports that nobody has answered.
    pub reported: u32,
    /// Taken out of sight.
    pub hidden: u32,
    /// In the trash.
    pub trashed: u32,
    /// All but the trash.
    pub all: u32,
}

/// `GET /api/comments/queue?state=pending|reported|hidden|trashed|all&q=&post=&page&size` (ADMIN)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueuePage {
    /// Items of this page, newest first.
    pub items: Vec<QueueItem>,
    /// Items on all pages.
    pub total: u32,
    /// Of the whole queue, whatever was asked for.
    pub counts: QueueCounts,
}

/// What admins do with a comment; each also alone: `POST /api/comments/:id/approve`, `…/hide`,
/// `…/restore`, `…/purge`, `DELETE /api/comments/:id` (204 each).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum BulkAction {
    /// Everybody sees it; its reports are answered.
    #[default]
    Approve,
    /// Nobody sees it; its reports are answered.
    Hide,
    /// To the trash.
    Trash,
    /// Out of the trash.
    Restore,
    /// Out of the trash for good.
    Purge,
}

/// Body of `POST /api/comments/bulk` (ADMIN).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BulkInput {
    /// What to do.
    pub action: BulkAction,
    /// With which comments; 1–100.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 100))]
    pub ids: Vec<String>,
}

/// Answer of `POST /api/comments/bulk`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkOutcome {
    /// How many it was done with.
    pub done: u32,
    /// Ids where it made no sense: not there, or not in the trash.
    #[serde(default)]
    pub skipped: Vec<String>,
}

/// Body of `POST /api/comments/:id/ban` (ADMIN): no more comments, likes and reports from the
/// address that this comment came from. Answer: the [`Ban`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BanInput {
    /// Why, at most 200 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub reason: Option<String>,
    /// For so many days (1–3,650); for good when absent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 3650))]
    pub days: Option<u32>,
}

/// A banned address: `GET /api/comments/bans` (ADMIN; a bare array, newest first), ended by
/// `DELETE /api/comments/bans/:id`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ban {
    /// UUIDv7.
    pub id: String,
    /// See [`QueueItem::address_tag`].
    pub address_tag: String,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339; none for good.
    #[serde(default)]
    pub until: Option<String>,
}
