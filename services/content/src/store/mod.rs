//! The service's tables. Each file knows one of them and nothing of HTTP.

pub(crate) mod authors;
pub(crate) mod bans;
pub(crate) mod bookmarks;
pub(crate) mod buckets;
pub(crate) mod comments;
pub(crate) mod likes;
pub(crate) mod mine;
pub(crate) mod posts;
pub(crate) mod purge;
pub(crate) mod queue;
pub(crate) mod reports;
pub(crate) mod row;
pub(crate) mod settings;
pub(crate) mod threads;
pub(crate) mod whole;

use kit::backup::Table;

/// What a backup holds. Buckets are not worth it.
pub(crate) const TABLES: &[Table] = &[
    Table { name: "posts", key: &["id"] },
    Table { name: "authors", key: &["id"] },
    Table { name: "comments", key: &["id"] },
    Table { name: "likes", key: &["post_id", "actor"] },
    Table { name: "comment_likes", key: &["comment_id", "actor"] },
    Table { name: "bookmarks", key: &["user_id", "post_id"] },
    Table { name: "reports", key: &["comment_id", "reporter"] },
    Table { name: "bans", key: &["id"] },
    Table { name: "settings", key: &["id"] },
];

/// The columns are never negative; the databases only have signed integers.
pub(crate) fn unsigned(number: impl TryInto<u32>) -> u32 {
    number.try_into().unwrap_or_default()
}

/// `$1, $2, …` for `count` values from number `first` on.
pub(crate) fn places(first: usize, count: usize) -> String {
    (first..first + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// A pattern for `LIKE … ESCAPE '\'` that finds `word` anywhere.
pub(crate) fn like(word: &str) -> String {
    let escaped = word.to_lowercase().chars().fold(String::with_capacity(word.len()), |mut text, c| {
        if matches!(c, '%' | '_' | '\\') {
            text.push('\\');
        }
        text.push(c);
        text
    });
    format!("%{escaped}%")
}
