//! A post with what stands around it.

use serde::{Deserialize, Serialize};

use super::{PageModel, PostCard, PostLink};
use crate::blog::PostStatus;

/// `/bff/pages/post/:slug?comments=&comment=`: the post, and a page of its comments: that of this number, or the one
/// where the comment of this id stands. Optional parts: `author`, `comments`, `likes`, `bookmarks`, `related`,
/// `adjacent`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PostPage {
    /// Id, for cache tags and later calls.
    pub id: String,
    /// What the card has. Not flattened: the browser half reads it without buffering a map.
    pub card: PostCard,
    /// The article: sanitised HTML.
    pub html: String,
    /// Headings of level 2 and 3.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub toc: Vec<TocEntry>,
    /// Last change, when it is after publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    /// Other people who wrote it, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub co_authors: Vec<String>,
    /// The author says of themself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_bio: Option<String>,
    /// Where it was published first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canonical: Option<String>,
    /// `PUBLIC`, or another when an author looks at their own.
    #[serde(default)]
    pub status: PostStatus,
    /// Whether this visitor may edit it.
    #[serde(default)]
    pub can_edit: bool,
    /// Title and description for search engines, when the author set them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seo_title: Option<String>,
    /// See `seo_title`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seo_description: Option<String>,
    /// Size of the cover in pixels; 0 when it is not known.
    #[serde(default)]
    pub cover_width: u32,
    /// See `cover_width`.
    #[serde(default)]
    pub cover_height: u32,
    /// Whether this visitor likes it. The number is in the card, or newer here.
    #[serde(default)]
    pub liked: bool,
    /// Whether this visitor keeps it; never for a guest.
    #[serde(default)]
    pub bookmarked: bool,
    /// Posts about the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<PostLink>,
    /// Published before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<PostLink>,
    /// Published after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<PostLink>,
    /// What is said about it.
    #[serde(default)]
    pub comments: Comments,
    /// Parts that are not available now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}
impl PageModel for PostPage {}

/// A heading in the table of contents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TocEntry {
    /// 2 or 3.
    pub level: u32,
    /// Fragment.
    pub id: String,
    /// Plain text.
    pub text: String,
}

/// A page of the comments of a post.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comments {
    /// In the order they are read: each one followed by its replies.
    pub items: Vec<CommentView>,
    /// This page of threads, from 1.
    pub page: u32,
    /// Threads on a full page.
    pub size: u32,
    /// Threads on all pages.
    pub threads: u32,
    /// Whether one may be written now.
    #[serde(default)]
    pub open: bool,
    /// Whether this visitor is a guest where only members write: signing in helps.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sign_in: bool,
}

/// A comment, as this visitor sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentView {
    /// Id; the element on the page is `comment-<id>`.
    pub id: String,
    /// 0 for the start of a thread, at most 2.
    #[serde(default)]
    pub depth: u32,
    /// Who wrote it; empty when it is deleted.
    pub author_name: String,
    /// Their picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_avatar: Option<String>,
    /// Whether a guest wrote it: changing it takes the password it was written with.
    #[serde(default)]
    pub guest: bool,
    /// Whether the post's author wrote it.
    #[serde(default)]
    pub by_author: bool,
    /// Sanitised HTML; empty when it is deleted.
    pub html: String,
    /// What was typed; only for those who may edit it without a password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Whom it answers, where the tree is deeper than it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mention: Option<String>,
    /// When it was written.
    pub created_at: String,
    /// When it was changed last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<String>,
    /// `visible`, `private`, `held` (seen by its writer and moderators until it is approved), `hidden` (seen
    /// by moderators) or `deleted` (a placeholder above its replies).
    pub state: String,
    /// Whether it may be answered.
    #[serde(default)]
    pub can_reply: bool,
    /// Whether this visitor may change it; for a guest's comment, with its password.
    #[serde(default)]
    pub can_edit: bool,
    /// Whether this visitor may delete it; for a guest's comment, with its password.
    #[serde(default)]
    pub can_delete: bool,
    /// Whether this visitor may report it.
    #[serde(default)]
    pub can_report: bool,
}
