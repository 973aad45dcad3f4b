//! Bodies of the content service: comments, likes, bookmarks.
//!
//! Callers are users (`Authorization: Bearer`) or guests. The gateway says where a guest comes from
//! in [`CLIENT_ADDRESS`], overwriting what a client sent; the address itself is never kept, only a
//! keyed digest of it. A guest's browser keeps the `writer_token` of [`Written`] and sends it in
//! [`WRITER_TOKEN`], so that its owner sees what waits for review.

use serde::{Deserialize, Serialize};

/// Header with the address of the client; only the gateway sets it.
pub const CLIENT_ADDRESS: &str = "x-client-address";

/// Header with the token that a guest got with their first comment.
pub const WRITER_TOKEN: &str = "x-writer-token";

/// Where a comment is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum CommentState {
    /// Seen by everybody, or, when it is private, by those it is for.
    #[default]
    Visible,
    /// Waits for an admin; its writer sees it.
    Pending,
    /// An admin took it out of sight.
    Hidden,
    /// Deleted; can be restored.
    Trashed,
}

/// A comment as one viewer sees it: `GET /api/comments/:id`, and in the tree of [`CommentPage`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Comment {
    /// UUIDv7.
    pub id: String,
    /// Id of the post.
    pub post_id: String,
    /// The comment that this one answers.
    #[serde(default)]
    pub parent_id: Option<String>,
    /// 1 for a root, at most 3: what lies deeper stands at 3 with a `mention`.
    pub depth: u32,
    /// Name of whom it answers, where it stands beside that comment instead of under it.
    #[serde(default)]
    pub mention: Option<String>,
    /// Id of the member who wrote it; none for guests, deleted accounts and placeholders.
    #[serde(default)]
    pub author_id: Option<String>,
    /// Name of the writer; empty for deleted accounts and placeholders.
    pub author_name: String,
    /// Picture of a member.
    #[serde(default)]
    pub author_avatar: Option<String>,
    /// Whether a guest wrote it.
    #[serde(default)]
    pub is_guest: bool,
    /// Whether the author of the post wrote it.
    #[serde(default)]
    pub by_post_author: bool,
    /// Sanitised HTML; empty for placeholders.
    pub html: String,
    /// Markdown source; only for its writer.
    #[serde(default)]
    pub content: Option<String>,
    /// Seen only by its writer, the post's author, admins, and whom it answers in private.
    #[serde(default)]
    pub is_private: bool,
    /// A placeholder: what stood here is gone or not for this viewer, but it has replies that are.
    #[serde(default)]
    pub is_deleted: bool,
    /// An admin took it out of sight (only admins get it).
    #[serde(default)]
    pub is_hidden: bool,
    /// Waits for review (only its writer and admins get it).
    #[serde(default)]
    pub is_pending: bool,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339; none when it was never changed.
    #[serde(default)]
    pub edited_at: Option<String>,
    /// How many like it.
    #[serde(default)]
    pub likes: u32,
    /// Whether this viewer does.
    #[serde(default)]
    pub liked: bool,
    /// Whether this viewer wrote it.
    #[serde(default)]
    pub mine: bool,
    /// Whether this viewer may change it; a guest has to show the password.
    #[serde(default)]
    pub can_edit: bool,
    /// Whether this viewer may delete it; a guest has to show the password.
    #[serde(default)]
    pub can_delete: bool,
    /// Grows by one with each change of the text.
    pub version: u32,
    /// Answers, oldest first.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    pub replies: Vec<Comment>,
}

/// `GET /api/comments/post/:postId?page&size&sort=oldest|newest|liked`: paged by roots, each with
/// all its replies. 404 when the caller may not see the post.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentPage {
    /// Roots of this page.
    pub items: Vec<Comment>,
    /// Roots on all pages.
    pub total: u32,
    /// Comments of the post that everybody may see, replies included.
    pub comments: u32,
    /// Whether the caller may write one here as far as the post's state and the site's settings go.
    pub open: bool,
    /// Whether guests may write at all.
    pub guests_allowed: bool,
}

/// Body of `POST /api/comments`. Answer: 201 [`Written`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CommentInput {
    /// Id of the post.
    pub post_id: String,
    /// Id of the comment that this one answers, of the same post.
    #[serde(default)]
    pub parent_id: Option<String>,
    /// Limited Markdown, 1–5,000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 5000))]
    pub content: String,
    /// Only for its writer, the post's author and admins. An answer to a private comment always is.
    #[serde(default)]
    pub is_private: bool,
    /// Guests: 1–50 characters, not a member's name. Left out of account for users.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 50))]
    pub guest_name: Option<String>,
    /// Guests: 4–128 characters; needed to change or delete the comment.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 128))]
    pub guest_password: Option<String>,
    /// Stays empty: a field that people do not see and programs fill in.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 0))]
    pub website: Option<String>,
}

/// Answer of `POST /api/comments`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Written {
    /// The comment as its writer sees it; `is_pending` when it waits for review.
    pub comment: Comment,
    /// Guests: what to send in [`WRITER_TOKEN`] from now on.
    #[serde(default)]
    pub writer_token: Option<String>,
}

/// Body of `PUT /api/comments/:id`. Answer: the [`Comment`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CommentChange {
    /// Limited Markdown, 1–5,000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 5000))]
    pub content: String,
    /// Stays as it is when absent.
    #[serde(default)]
    pub is_private: Option<bool>,
    /// The version this change was made from; a stale one is a 409.
    #[serde(default)]
    pub version: Option<u32>,
    /// Guests: the password of the comment.
    #[serde(default)]
    pub password: Option<String>,
}

/// Body of `DELETE /api/comments/:id` and `POST /api/comments/:id/restore`, for guests alone; users
/// send none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GuestProof {
    /// The password of the comment.
    pub password: String,
}

/// Body of `POST /api/comments/preview`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PreviewInput {
    /// Limited Markdown, at most 5,000 characters.
    #[cfg_attr(feature = "openapi", schema(max_length = 5000))]
    pub content: String,
}

/// Answer of `POST /api/comments/preview`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// Sanitised HTML, as the comment would have it.
    pub html: String,
}

/// One of my comments: `GET /api/comments/mine?page&size` (USER), newest first, the trash left out
/// unless `trashed=true` asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyComment {
    /// UUIDv7.
    pub id: String,
    /// Id of the post.
    pub post_id: String,
    /// Last part of the post's URL; none when the post is not for the caller any more.
    #[serde(default)]
    pub post_slug: Option<String>,
    /// Title of the post; see `post_slug`.
    #[serde(default)]
    pub post_title: Option<String>,
    /// Sanitised HTML.
    pub html: String,
    /// See [`Comment::is_private`].
    #[serde(default)]
    pub is_private: bool,
    /// Where it is in its life.
    pub state: CommentState,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    #[serde(default)]
    pub edited_at: Option<String>,
    /// How many like it.
    #[serde(default)]
    pub likes: u32,
    /// Answers that are there.
    #[serde(default)]
    pub replies: u32,
    /// Whether the caller may take it out of the trash.
    #[serde(default)]
    pub can_restore: bool,
}

/// `GET /api/comments/mine`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyComments {
    /// Items of this page.
    pub items: Vec<MyComment>,
    /// Items on all pages.
    pub total: u32,
}

/// What is wrong with a comment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum ReportReason {
    /// Advertising.
    Spam,
    /// Insults, threats, hate.
    Abuse,
    /// Somebody's private data.
    Privacy,
    /// Against the law.
    Illegal,
    /// See the note.
    #[default]
    Other,
}

/// Body of `POST /api/comments/:id/report`. Answer: 204; 409 `already_reported` the second time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReportInput {
    /// What is wrong.
    pub reason: ReportReason,
    /// In words, at most 500 characters; needed for OTHER.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub note: Option<String>,
}

/// A report as admins see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Report {
    /// What is wrong.
    pub reason: ReportReason,
    /// In words.
    #[serde(default)]
    pub note: Option<String>,
    /// Whether a member reported it.
    pub by_member: bool,
    /// RFC 3339.
    pub created_at: String,
}

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
    /// See [`Comment::is_private`].
    pub is_private: bool,
    /// Where it is in its life.
    pub state: CommentState,
    /// Why it waits: `first_comment`, `guest`, `links`, `banned_word`, `reports`, `edited`.
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

/// What a post has here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PostTotals {
    /// Which post.
    pub post_id: String,
    /// Comments that everybody may see.
    pub comments: u32,
    /// Likes.
    pub likes: u32,
}

/// `GET /internal/posts/counts?after=&limit=`: every post that is known here, by id.
/// Ask on with `after` = `next` until that is none. `?ids=a,b` asks for these alone (at most 100).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PostTotalsPage {
    /// Ordered by id.
    pub items: Vec<PostTotals>,
    /// What to send as `after` for more.
    #[serde(default)]
    pub next: Option<String>,
}

/// Body of `PUT /internal/import/comments`: makes the comment with this `source`, or changes it where
/// it differs. A parent has to be there before its answers. Answer: [`ImportedComment`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ImportComment {
    /// What identifies it across imports: `wordpress:<comment id>`.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub source: String,
    /// Id of the post.
    pub post_id: String,
    /// `source` of the comment that it answers.
    #[serde(default)]
    pub parent_source: Option<String>,
    /// Account that wrote it; none for a guest.
    #[serde(default)]
    pub author_id: Option<String>,
    /// Name of who wrote it.
    pub author_name: String,
    /// Limited Markdown.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 5000))]
    pub content: String,
    /// TRASHED makes an empty place for the answers of a comment that is gone.
    #[serde(default)]
    pub state: CommentState,
    /// RFC 3339.
    pub created_at: String,
    /// UUID that it is to have, when nothing else has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Seen by its author, the post's author and admins.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_private: bool,
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<String>,
}

/// `GET /internal/comments?post=<id>`: everything an export needs of the comments of a post.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WholeComments {
    /// Oldest first. One in the trash, or gone for good, is there when it has answers that are not.
    pub items: Vec<WholeComment>,
}

/// A comment with its source, in whatever state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WholeComment {
    /// UUIDv7.
    pub id: String,
    /// What it answers.
    #[serde(default)]
    pub parent_id: Option<String>,
    /// Account that wrote it; none for a guest.
    #[serde(default)]
    pub author_id: Option<String>,
    /// Name of who wrote it; empty when the account was deleted.
    pub author_name: String,
    /// Limited Markdown; empty when it is in the trash.
    pub content: String,
    /// Where it is in its life.
    pub state: CommentState,
    /// Seen by its author, the post's author and admins.
    pub is_private: bool,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    #[serde(default)]
    pub edited_at: Option<String>,
}

/// Answer of `PUT /internal/import/comments`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportedComment {
    /// What happened.
    pub change: crate::blog::ImportChange,
    /// Id of the comment.
    pub id: String,
}
