//! Bodies of the blog service.

use serde::{Deserialize, Serialize};

/// Where a post is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PostStatus {
    /// Seen by its author and admins.
    #[default]
    Draft,
    /// Seen by everybody.
    Public,
    /// Finished, but seen only by its author and admins.
    Private,
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
            Self::Trashed => "TRASHED",
        }
    }

    /// The status of that name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "DRAFT" => Some(Self::Draft),
            "PUBLIC" => Some(Self::Public),
            "PRIVATE" => Some(Self::Private),
            "TRASHED" => Some(Self::Trashed),
            _ => None,
        }
    }
}

/// Name and slug of a category or a tag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
pub struct Paged<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Items on all pages.
    pub total: u32,
}

/// A post without its text: `GET /api/posts` (items).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// RFC 3339.
    pub updated_at: String,
    /// Language of the text: `ko`, `en`.
    #[serde(default)]
    pub locale: String,
    /// Grows by one with each change.
    pub version: u32,
}

/// A whole post: `GET /api/posts/:slug`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
}

/// Body of `POST /api/posts` and `PUT /api/posts/:slug`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostInput {
    /// 1–200 characters.
    pub title: String,
    /// Markdown, at most 500,000 characters.
    pub content: String,
    /// Made from the title when absent or empty.
    #[serde(default)]
    pub slug: Option<String>,
    /// At most 500 characters; made from the text when absent or empty.
    #[serde(default)]
    pub excerpt: Option<String>,
    /// URL of the cover image.
    #[serde(default)]
    pub cover: Option<String>,
    /// Slug of an existing category; absent or empty for none.
    #[serde(default)]
    pub category: Option<String>,
    /// Tag names (at most 20, each at most 50 characters); unknown ones are made.
    #[serde(default)]
    pub tags: Vec<String>,
    /// DRAFT when absent.
    #[serde(default)]
    pub status: Option<PostStatus>,
    /// Language of the text; recognised from it when absent.
    #[serde(default)]
    pub locale: Option<String>,
    /// ADMIN only.
    #[serde(default)]
    pub featured: Option<bool>,
    /// The version this change was made from. Required for PUT; a stale one is a 409.
    #[serde(default)]
    pub version: Option<u32>,
}

/// A category or a tag: `GET /api/categories`, `GET /api/tags` (a bare array of these, those with
/// most posts first) and `GET /api/categories/:slug`, `GET /api/tags/:slug`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// Public posts.
    pub posts: u32,
}

/// `GET /internal/posts/counts?author=`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostCounts {
    /// PUBLIC posts.
    pub public: u32,
    /// DRAFT posts.
    pub drafts: u32,
    /// All categories.
    pub categories: u32,
    /// All tags.
    pub tags: u32,
}

/// `GET /internal/redirects?path=`: where an old URL lives now. 404 when it is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirect {
    /// Path on this site.
    pub location: String,
}

/// Body of `PUT /internal/import/posts`: creates the post with this `source`, or changes it where it
/// differs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportPost {
    /// What identifies it across imports: `markdown:<path relative to the imported folder>`.
    pub source: String,
    /// Wanted slug; a number is added when another post has it.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Markdown with image references already rewritten.
    pub content: String,
    /// As written in the front matter.
    #[serde(default)]
    pub excerpt: Option<String>,
    /// URL of the cover image.
    #[serde(default)]
    pub cover: Option<String>,
    /// Account of the author.
    pub author_id: String,
    /// Name of the author.
    pub author_name: String,
    /// Picture of the author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_avatar: Option<String>,
    /// Other people who wrote it.
    #[serde(default)]
    pub co_authors: Vec<String>,
    /// Category name; made when it does not exist.
    #[serde(default)]
    pub category: Option<String>,
    /// Tag names; made when they do not exist.
    #[serde(default)]
    pub tags: Vec<String>,
    /// DRAFT or PUBLIC.
    pub status: PostStatus,
    /// Leads the home page.
    #[serde(default)]
    pub featured: bool,
    /// RFC 3339.
    #[serde(default)]
    pub published_at: Option<String>,
    /// RFC 3339; the time of publication when absent.
    #[serde(default)]
    pub updated_at: Option<String>,
    /// Language of the text; recognised from it when absent.
    #[serde(default)]
    pub locale: Option<String>,
    /// Old paths of this post, each starting with `/`; they answer 301.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Where it was published first.
    #[serde(default)]
    pub canonical: Option<String>,
}

/// Body of `PUT /internal/import/categories`: what an import knows of a category. Makes it when it
/// does not exist; fills in what nobody has written yet. Answers the [`Term`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportCategory {
    /// Display name.
    pub name: String,
    /// Plain text.
    #[serde(default)]
    pub description: Option<String>,
    /// Index of its colour in the palette (0–11), used when it is made.
    #[serde(default)]
    pub color: Option<u32>,
}

/// Answer of `PUT /internal/import/posts`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportOutcome {
    /// What happened.
    pub change: ImportChange,
    /// The post's slug.
    pub slug: String,
}

/// What an import did with one post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportChange {
    /// It was new.
    Created,
    /// It differed.
    Updated,
    /// It was there already, the same.
    Unchanged,
}
