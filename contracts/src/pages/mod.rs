//! Page view-models: what `/bff/pages/…` answers, one type a page.
//!
//! Times are RFC 3339 UTC strings; formatting is the page's business. Counts are `u32`: a JavaScript
//! number holds them. There are no fractions, since the browser halves decode none.
//!
//! A page is made of required and optional parts. An optional part that could not be had is empty, and
//! its name stands in `missing`, so that the page can say so in that corner.

mod admin;
mod blog;
mod manage;
mod post;
mod user;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::blog::TermRef;

pub use admin::*;
pub use blog::*;
pub use manage::*;
pub use post::*;
pub use user::*;

/// A view-model that a page can ask for.
pub trait PageModel: Clone + Serialize + DeserializeOwned + 'static {}

/// A post in a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PostCard {
    /// Last part of its URL, not percent-encoded.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Plain text, at most about 200 characters.
    pub excerpt: String,
    /// URL of the cover image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<String>,
    /// Smaller variants of the cover, as `srcset` wants them; empty when there are none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cover_srcset: String,
    /// Display name of the author.
    pub author_name: String,
    /// Picture of the author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_avatar: Option<String>,
    /// Id of the author, for `/authors/:id`.
    #[serde(default)]
    pub author_id: String,
    /// When it was published.
    pub published_at: String,
    /// Minutes.
    pub reading_minutes: u32,
    /// Its category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<TermRef>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<TermRef>,
    /// Language of the text: `ko`, `en`.
    #[serde(default)]
    pub locale: String,
    /// Times it was read.
    #[serde(default)]
    pub views: u32,
    /// People who like it.
    #[serde(default)]
    pub likes: u32,
    /// Comments that everybody sees.
    #[serde(default)]
    pub comments: u32,
}

/// Title and place of a post.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostLink {
    /// Last part of its URL, not percent-encoded.
    pub slug: String,
    /// Title.
    pub title: String,
    /// When it was published.
    #[serde(default)]
    pub published_at: String,
}

/// A category or tag with its number of public posts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TermCard {
    /// Display name.
    pub name: String,
    /// Last part of its URL.
    pub slug: String,
    /// Description, plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Index of its colour in the palette (0–11).
    #[serde(default)]
    pub color: u32,
    /// Public posts; in the facets of a search, those that were found.
    pub posts: u32,
    /// Needed to change it; only in the admin area.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Name of an icon.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub icon: String,
}

/// A number with a name: a day, a referrer, a device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// What was counted.
    pub label: String,
    /// How often.
    pub count: u32,
    /// Where it leads; empty for nowhere.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub href: String,
}
