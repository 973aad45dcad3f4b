//! Events between services.

use serde::{Deserialize, Serialize};

/// What every event carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope<T> {
    /// UUIDv7; a consumer applies each id once.
    pub id: String,
    /// `user.profile.updated`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is about.
    pub aggregate_id: String,
    /// Grows with each event of the aggregate; a consumer skips what is not newer.
    pub sequence: i64,
    /// RFC 3339.
    pub occurred_at: String,
    /// W3C `traceparent` of the request that caused it.
    #[serde(default)]
    pub trace: Option<String>,
    /// Version of the payload's schema.
    pub schema_version: u32,
    /// The payload.
    pub data: T,
}

/// A payload with a type name and a version.
pub trait Event: Serialize + serde::de::DeserializeOwned {
    /// `user.profile.updated`, …
    const KIND: &'static str;
    /// Version of the schema that this build writes, and the newest that it can read.
    const SCHEMA_VERSION: u32;
}

/// Declares payloads with their names and versions.
macro_rules! events {
    ($($(#[$meta:meta])* $name:ident = $kind:literal, $version:literal { $($body:tt)* })+) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
            pub struct $name { $($body)* }

            impl Event for $name {
                const KIND: &'static str = $kind;
                const SCHEMA_VERSION: u32 = $version;
            }
        )+

        /// The names of all events.
        pub const KINDS: &[&str] = &[$($kind),+];
    };
}

/// Services that get events, and what they may want (`*`: one word, `#`: any number). A broker keeps a
/// queue for each from the start, so that what happens before a service first starts is not lost on it.
pub const SUBSCRIBERS: &[(&str, &[&str])] = &[
    ("analytics", &["post.*", "page.*", "comment.*", "like.*", "user.#"]),
    ("blog", &["post.views.counted", "comment.*", "like.*", "user.#"]),
    ("content", &["post.*", "user.#"]),
    ("page", &["user.#"]),
    ("storage", &["post.*", "page.*", "user.#", "images.*"]),
];

/// Whether the queue of that subscriber gets events of that kind; `None` for a name that is not in [`SUBSCRIBERS`].
pub fn reaches(subscriber: &str, kind: &str) -> Option<bool> {
    let (_, patterns) = SUBSCRIBERS.iter().find(|(name, _)| *name == subscriber)?;
    let kind: Vec<&str> = kind.split('.').collect();
    Some(patterns.iter().any(|pattern| matches(&pattern.split('.').collect::<Vec<_>>(), &kind)))
}

/// As a topic exchange of AMQP 0-9-1 matches a routing key.
fn matches(pattern: &[&str], kind: &[&str]) -> bool {
    match (pattern, kind) {
        ([], rest) => rest.is_empty(),
        (["#", after @ ..], _) => (0..=kind.len()).any(|skipped| matches(after, &kind[skipped..])),
        (["*", after @ ..], [_, rest @ ..]) => matches(after, rest),
        ([word, after @ ..], [first, rest @ ..]) => word == first && matches(after, rest),
        (_, []) => false,
    }
}

/// What consumers need to know of a post whenever it changes. The aggregate is the post's id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PostFacts {
    /// UUIDv7.
    pub post_id: String,
    /// Last part of its URL.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Whose it is.
    pub author_id: String,
    /// Where it is in its life after the change.
    pub status: crate::blog::PostStatus,
    /// URLs (`/media/…`) of all images it uses, the cover and those of its kept revisions included; what is not listed is not used.
    #[serde(default)]
    pub images: Vec<String>,
}

events! {
    /// A post was written, in whatever status.
    PostCreated = "post.created", 1 {
        /// The post.
        pub post: PostFacts,
    }

    /// A post became public.
    PostPublished = "post.published", 1 {
        /// The post.
        pub post: PostFacts,
    }

    /// A post changed (text, title, slug, status other than to public or to the trash).
    PostUpdated = "post.updated", 1 {
        /// The post as it is now.
        pub post: PostFacts,
        /// The slug it had before, where it changed.
        #[serde(default)]
        pub old_slug: Option<String>,
    }

    /// A post was moved to the trash.
    PostTrashed = "post.trashed", 1 {
        /// The post.
        pub post: PostFacts,
    }

    /// A post came back from the trash.
    PostRestored = "post.restored", 1 {
        /// The post.
        pub post: PostFacts,
    }

    /// A post was purged: it is gone for good, and what belongs to it goes too.
    PostDeleted = "post.deleted", 1 {
        /// Which.
        pub post_id: String,
        /// The slug it had.
        pub slug: String,
    }

    /// Categories or tags changed (made, renamed, merged, deleted). The aggregate is the term's id.
    TermsChanged = "terms.changed", 1 {
        /// `category` or `tag`.
        pub taxonomy: String,
        /// Slugs that are concerned, old and new.
        pub slugs: Vec<String>,
    }

    /// Views of a post so far: an absolute total. The aggregate is the post's id.
    PostViewsCounted = "post.views.counted", 1 {
        /// Which post.
        pub post_id: String,
        /// All views so far.
        pub views: u64,
    }

    /// Somebody commented. The aggregate is the post's id, so that counts come in order.
    CommentCreated = "comment.created", 1 {
        /// Which comment.
        pub comment_id: String,
        /// On which post.
        pub post_id: String,
        /// Comments of the post that everybody may see, this one included if so: an absolute total.
        pub comments: u32,
    }

    /// The text of a comment changed; as many count as before. The aggregate is the post's id.
    CommentUpdated = "comment.updated", 1 {
        /// Which comment.
        pub comment_id: String,
        /// On which post.
        pub post_id: String,
    }

    /// A comment came to count no longer, or again (deleted, restored, hidden, approved, purged). The
    /// aggregate is the post's id.
    CommentDeleted = "comment.deleted", 1 {
        /// Which comment.
        pub comment_id: String,
        /// On which post.
        pub post_id: String,
        /// See [`CommentCreated::comments`].
        pub comments: u32,
    }

    /// A like was given or taken back. The aggregate is the post's id.
    LikeToggled = "like.toggled", 1 {
        /// Which post.
        pub post_id: String,
        /// Likes of the post: an absolute total.
        pub likes: u32,
    }

    /// An author changed name or picture. The aggregate is the user's id.
    UserProfileUpdated = "user.profile.updated", 1 {
        /// Whose.
        pub user_id: String,
        /// New name.
        pub name: String,
        /// New picture.
        #[serde(default)]
        pub avatar: Option<String>,
    }

    /// A user was suspended: their sessions are over. The aggregate is the user's id.
    UserSuspended = "user.suspended", 1 {
        /// Who.
        pub user_id: String,
    }

    /// Access tokens stopped being good before their end (sign-out, suspension, another role, a new
    /// password): whoever holds tokens of the user renews them before using them again. The aggregate
    /// is the user's id.
    AccessRevoked = "access.revoked", 1 {
        /// Whose.
        pub user_id: String,
        /// Sessions that have ended.
        #[serde(default)]
        pub sessions: Vec<String>,
        /// The first generation of the user's tokens ([`crate::auth::Claims::generation`]) that is
        /// good.
        #[serde(default)]
        pub generation: u32,
    }

    /// The keys that access tokens are signed with changed before their time: whoever checks tokens takes none of
    /// the keys that were withdrawn, and asks for those that there are now. The aggregate is the set of keys.
    KeysRotated = "keys.rotated", 1 {
        /// Names (`kid`) of keys that are not to be trusted any more, whenever a token was signed.
        #[serde(default)]
        pub withdrawn: Vec<String>,
    }

    /// An account was deleted. The aggregate is the user's id.
    UserDeleted = "user.deleted", 1 {
        /// Whose.
        pub user_id: String,
        /// Whether what they wrote stays, under "deleted user"; else it is removed.
        pub keep_content: bool,
    }

    /// A static page or notice was made. The aggregate is the page's id.
    PageCreated = "page.created", 1 {
        /// Which.
        pub page_id: String,
        /// Last part of its URL.
        pub slug: String,
        /// URLs of the images it uses.
        #[serde(default)]
        pub images: Vec<String>,
    }

    /// A static page or notice changed.
    PageUpdated = "page.updated", 1 {
        /// Which.
        pub page_id: String,
        /// Last part of its URL.
        pub slug: String,
        /// URLs of the images it uses.
        #[serde(default)]
        pub images: Vec<String>,
    }

    /// A static page or notice was purged.
    PageDeleted = "page.deleted", 1 {
        /// Which.
        pub page_id: String,
        /// The slug it had.
        pub slug: String,
    }

    /// Something other than a post, page or profile came to use images, or uses none any more (a bug
    /// report's screenshot). The aggregate is the id of what uses them.
    ImagesUsed = "images.used", 1 {
        /// What uses them: `bug_report`, `draft`.
        pub by: String,
        /// Its id.
        pub id: String,
        /// URLs of all images it uses now.
        #[serde(default)]
        pub images: Vec<String>,
    }

    /// An admin had the page caches forget something: every replica of the BFF does. The aggregate is the BFF.
    CachePurged = "cache.purged", 1 {
        /// All pages made of this; none: all pages, or those at `path`.
        #[serde(default)]
        pub tag: Option<String>,
        /// The page at this path, in all languages.
        #[serde(default)]
        pub path: Option<String>,
    }
}

#[cfg(test)]
mod tests {
    use super::reaches;

    #[test]
    fn patterns_match_as_a_topic_exchange_does() {
        assert_eq!(reaches("page", "user.deleted"), Some(true));
        assert_eq!(reaches("page", "user.profile.updated"), Some(true), "# is any number of words");
        assert_eq!(reaches("content", "post.published"), Some(true));
        assert_eq!(reaches("content", "post.views.counted"), Some(false), "* is one word");
        assert_eq!(reaches("content", "post"), Some(false));
        assert_eq!(reaches("blog", "post.views.counted"), Some(true));
        assert_eq!(reaches("nobody", "user.deleted"), None);
    }
}
