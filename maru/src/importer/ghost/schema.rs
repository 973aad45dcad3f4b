//! The JSON of an export: its tables and their columns, as Ghost writes them.

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub(super) struct File {
    pub(super) db: Vec<Database>,
}

#[derive(Deserialize)]
pub(super) struct Database {
    pub(super) data: Data,
}

/// The tables that matter here. Everything is optional: versions differ.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Data {
    pub(super) posts: Vec<Post>,
    pub(super) posts_meta: Vec<PostMeta>,
    pub(super) tags: Vec<Tag>,
    pub(super) posts_tags: Vec<PostTag>,
    pub(super) users: Vec<User>,
    pub(super) posts_authors: Vec<PostAuthor>,
    pub(super) settings: Vec<Setting>,
    pub(super) comments: Vec<GhostComment>,
    pub(super) members: Vec<Member>,
}

/// Ids are numbers in old exports and texts in new ones.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Id(pub(super) String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self(text)),
            Value::Number(number) => Ok(Self(number.to_string())),
            other => Err(serde::de::Error::custom(format!("an id is a text or a number, not {other}"))),
        }
    }
}

/// Flags are booleans in new exports and 0 or 1 in old ones.
fn flag<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Bool(flag) => flag,
        Value::Number(number) => number.as_u64() == Some(1),
        _ => false,
    })
}

#[derive(Deserialize)]
pub(super) struct Post {
    pub(super) id: Id,
    #[serde(default)]
    pub(super) title: Option<String>,
    #[serde(default)]
    pub(super) slug: Option<String>,
    #[serde(default)]
    pub(super) html: Option<String>,
    #[serde(default)]
    pub(super) mobiledoc: Option<String>,
    #[serde(default)]
    pub(super) feature_image: Option<String>,
    #[serde(default)]
    pub(super) image: Option<String>,
    #[serde(default, deserialize_with = "flag")]
    pub(super) featured: bool,
    /// Since Ghost 3; before, `page` says it.
    #[serde(default, rename = "type")]
    pub(super) kind: Option<String>,
    #[serde(default, deserialize_with = "flag")]
    pub(super) page: bool,
    #[serde(default)]
    pub(super) status: Option<String>,
    #[serde(default)]
    pub(super) visibility: Option<String>,
    #[serde(default)]
    pub(super) locale: Option<String>,
    #[serde(default)]
    pub(super) custom_excerpt: Option<String>,
    #[serde(default)]
    pub(super) canonical_url: Option<String>,
    #[serde(default)]
    pub(super) meta_title: Option<String>,
    #[serde(default)]
    pub(super) meta_description: Option<String>,
    #[serde(default)]
    pub(super) author_id: Option<Id>,
    #[serde(default)]
    pub(super) published_at: Option<Value>,
    #[serde(default)]
    pub(super) created_at: Option<Value>,
    #[serde(default)]
    pub(super) updated_at: Option<Value>,
}

#[derive(Deserialize)]
pub(super) struct PostMeta {
    pub(super) post_id: Id,
    #[serde(default)]
    pub(super) canonical_url: Option<String>,
    #[serde(default)]
    pub(super) meta_title: Option<String>,
    #[serde(default)]
    pub(super) meta_description: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Tag {
    pub(super) id: Id,
    pub(super) name: String,
    #[serde(default)]
    pub(super) visibility: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct PostTag {
    pub(super) post_id: Id,
    pub(super) tag_id: Id,
    #[serde(default)]
    pub(super) sort_order: i64,
}

#[derive(Deserialize)]
pub(super) struct User {
    pub(super) id: Id,
    pub(super) name: String,
    #[serde(default)]
    pub(super) bio: Option<String>,
    #[serde(default)]
    pub(super) profile_image: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct PostAuthor {
    pub(super) post_id: Id,
    pub(super) author_id: Id,
    #[serde(default)]
    pub(super) sort_order: i64,
}

#[derive(Deserialize)]
pub(super) struct Setting {
    pub(super) key: String,
    #[serde(default)]
    pub(super) value: Value,
}

#[derive(Deserialize)]
pub(super) struct GhostComment {
    pub(super) id: Id,
    pub(super) post_id: Id,
    #[serde(default)]
    pub(super) member_id: Option<Id>,
    #[serde(default)]
    pub(super) parent_id: Option<Id>,
    #[serde(default)]
    pub(super) html: Option<String>,
    #[serde(default)]
    pub(super) status: Option<String>,
    #[serde(default)]
    pub(super) created_at: Option<Value>,
}

#[derive(Deserialize)]
pub(super) struct Member {
    pub(super) id: Id,
    #[serde(default)]
    pub(super) name: Option<String>,
}
