//! The last part of a post's, category's or tag's URL.

pub(crate) use markdown::slugify;

/// Words that are routes, or may become some.
const RESERVED: &[&str] = &[
    "adjacent",
    "archive",
    "atom",
    "bulk",
    "categories",
    "counts",
    "drafts",
    "edit",
    "featured",
    "feed",
    "import",
    "new",
    "notices",
    "page",
    "preview",
    "related",
    "revisions",
    "rss",
    "search",
    "tags",
];

/// Whether a post may not live there.
pub(crate) fn is_reserved(slug: &str) -> bool {
    RESERVED.contains(&slug)
}

/// The `n`-th way to write `slug`: itself, then with a number.
pub(crate) fn numbered(slug: &str, n: u32) -> String {
    if n < 2 { slug.to_owned() } else { format!("{slug}-{n}") }
}

#[cfg(test)]
mod tests {
    use super::is_reserved;

    #[test]
    fn routes_are_reserved() {
        assert!(is_reserved("featured") && is_reserved("new") && !is_reserved("newer"));
    }
}
