//! Bodies of the blog service.

mod drafts;
mod internal;
mod revisions;
mod terms;

use serde::{Deserialize, Serialize};

pub use drafts::*;
pub use internal::*;
pub use revisions::*;
pub use terms::*;

/// Where a post is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PostStatus {
    /// Seen by its author and admins.
    #[default]
    Draft,
    /// Seen by everybody.
    Public,
    /// Finished, but seen only by its author and admins.
    Private,
    /// Becomes public at `scheduled_at`; until then seen by its author and admins.
    Scheduled,
    /// Deleted; can be restored.
    Trashed,
}

impl PostStatus {
    /// The name used in JSON and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::Public => "PUBLIC",
            Self::Private => "PRIVATE",
            Self::Scheduled => "SCHEDULED",
            Self::Trashed => "TRASHED",
        }
    }

    /// The status of that name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "DRAFT" => Some(Self::Draft),
            "PUBLIC" => Some(Self::Public),
            "PRIVATE" => Some(Self::Private),
            "SCHEDULED" => Some(Self::Scheduled),
            "TRASHED" => Some(Self::Trashed),
            _ => None,
        }
    }
}

/// Name and slug of a category or a tag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TermRef {
    /// Display name.
    pub name: String,
    /// Last part of its URL.
    pub slug: String,
    /// Index of its colour in the palette (0–11); categories only.
    #[serde(default)]
    pub color: u32,
}

/// One page of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Paged<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Items on all pages.
    pub total: u32,
}

/// A post without its text: `GET /api/posts` (items).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PostSummary {
    /// UUIDv7.
    pub id: String,
    /// Last part of its URL.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Plain text.
    pub excerpt: String,
    /// URL of the cover image.
    #[serde(default)]
    pub cover: Option<String>,
    /// Id of the author.
    pub author_id: String,
    /// Copied from the account, kept fresh by `user.profile.updated`.
    pub author_name: String,
    /// See `author_name`.
    #[serde(default)]
    pub author_avatar: Option<String>,
    /// Category.
    #[serde(default)]
    pub category: Option<TermRef>,
    /// Tags, in the order the author gave.
    #[serde(default)]
    pub tags: Vec<TermRef>,
    /// Minutes.
    pub reading_minutes: u32,
    /// Status.
    pub status: PostStatus,
    /// Chosen by an editor to lead the home page.
    #[serde(default)]
    pub featured: bool,
    /// RFC 3339; none until it is published.
    #[serde(default)]
    pub published_at: Option<String>,
    /// RFC 3339; when a SCHEDULED post becomes public.
    #[serde(default)]
    pub scheduled_at: Option<String>,
    /// RFC 3339; when a TRASHED post was thrown away. It is purged 30 days later.
    #[serde(default)]
    pub trashed_at: Option<String>,
    /// RFC 3339.
    pub updated_at: String,
    /// Language of the text: `ko`, `en`.
    #[serde(default)]
    pub locale: String,
    /// Grows by one with each change.
    pub version: u32,
    /// Views so far, as of the last count.
    #[serde(default)]
    pub views: u32,
    /// Likes.
    #[serde(default)]
    pub likes: u32,
    /// Comments that everybody may see.
    #[serde(default)]
    pub comments: u32,
}

/// The same text in another language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Translation {
    /// Its language: `ko`, `en`.
    pub locale: String,
    /// Its slug.
    pub slug: String,
}

/// A whole post: `GET /api/posts/:slug`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Post {
    /// What lists have.
    #[serde(flatten)]
    pub summary: PostSummary,
    /// Markdown source; only for those who may edit it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The excerpt as its author wrote it, none when it is made from the text; only for those who may
    /// edit it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_excerpt: Option<String>,
    /// Sanitised HTML.
    pub html: String,
    /// Headings of level 2 and 3.
    #[serde(default)]
    pub toc: Vec<crate::pages::TocEntry>,
    /// Other people who wrote it, by name.
    #[serde(default)]
    pub co_authors: Vec<String>,
    /// Where it was published first.
    #[serde(default)]
    pub canonical: Option<String>,
    /// For search engines.
    #[serde(default)]
    pub seo_title: Option<String>,
    /// For search engines.
    #[serde(default)]
    pub seo_description: Option<String>,
    /// Joins the posts that are the same text in different languages.
    #[serde(default)]
    pub translation_group: Option<String>,
    /// The other public posts of that group (for `hreflang`).
    #[serde(default)]
    pub translations: Vec<Translation>,
    /// Whether readers may comment.
    #[serde(default = "yes")]
    pub comments_allowed: bool,
    /// RFC 3339.
    #[serde(default)]
    pub created_at: String,
}

fn yes() -> bool {
    true
}

/// Body of `POST /api/posts` and `PUT /api/posts/:slug`. In a PUT, what is `Option` stays as it is when
/// it is absent, unless said otherwise, and an empty text takes it away.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PostInput {
    /// 1–200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub title: String,
    /// Markdown, at most 500,000 characters.
    #[cfg_attr(feature = "openapi", schema(max_length = 500_000))]
    pub content: String,
    /// At most 80 characters are kept. Made from the title when absent or empty; in a PUT it stays then.
    #[serde(default)]
    pub slug: Option<String>,
    /// At most 500 characters; made from the text when absent or empty.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub excerpt: Option<String>,
    /// URL of the cover image.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000))]
    pub cover: Option<String>,
    /// Slug of an existing category; absent or empty for none.
    #[serde(default)]
    pub category: Option<String>,
    /// Tag names (at most 20, each at most 50 characters); unknown ones are made.
    #[serde(default)]
    pub tags: Vec<String>,
    /// DRAFT when absent. Not TRASHED: that is what DELETE is for.
    #[serde(default)]
    pub status: Option<PostStatus>,
    /// RFC 3339, in the future: when a SCHEDULED post becomes public. Required with that status, and not
    /// allowed with another.
    #[serde(default)]
    pub scheduled_at: Option<String>,
    /// Language of the text; recognised from it when absent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(pattern = "^(ko|en)?$"))]
    pub locale: Option<String>,
    /// ADMIN only.
    #[serde(default)]
    pub featured: Option<bool>,
    /// Where it was published first: an `http(s)://` address of at most 2,000 characters.
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
    /// Letters, digits and dashes, at most 80 characters: the same for all languages of one text.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 80))]
    pub translation_group: Option<String>,
    /// True when absent.
    #[serde(default)]
    pub comments_allowed: Option<bool>,
    /// The version this change was made from. Required for PUT; a stale one is a 409.
    #[serde(default)]
    pub version: Option<u32>,
}

/// Body of `POST /api/posts/bulk` (ADMIN).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BulkInput {
    /// Ids of posts, 1–100.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 100))]
    pub ids: Vec<String>,
    /// What happens to each of them.
    pub action: BulkAction,
    /// For SET_CATEGORY: slug of a category; absent or empty for none.
    #[serde(default)]
    pub category: Option<String>,
    /// For ADD_TAG: name of a tag, made when it does not exist.
    #[serde(default)]
    pub tag: Option<String>,
}

/// What can happen to many posts at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BulkAction {
    /// Becomes public now.
    Publish,
    /// Becomes a draft again.
    Unpublish,
    /// Goes to the trash.
    Trash,
    /// Comes back from the trash.
    Restore,
    /// Goes from the trash for good.
    Purge,
    /// Gets this category.
    SetCategory,
    /// Gets one more tag.
    AddTag,
}

/// Answer of `POST /api/posts/bulk`: one entry for each id, in the order of the ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkOutcome {
    /// How many changed.
    pub changed: u32,
    /// What happened to each.
    pub results: Vec<BulkResult>,
}

/// What happened to one post of many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkResult {
    /// The post.
    pub id: String,
    /// `changed`, `unchanged` (it was so already), `not_found`, or the code of the problem
    /// (`not_in_trash`, `in_trash`, `too_many_tags`).
    pub outcome: String,
}
