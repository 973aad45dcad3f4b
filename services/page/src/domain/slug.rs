//! The last part of a page's URL.

pub(crate) use markdown::slugify;

/// Words that are routes, or may become some.
const RESERVED: &[&str] = &["edit", "feed", "import", "new", "notices", "preview", "search", "trash"];

/// Whether a page may not live there. What looks like an id would be taken for one.
pub(crate) fn is_reserved(slug: &str) -> bool {
    RESERVED.contains(&slug) || kit::id::parse(slug).is_some()
}

/// A slug for a title, whatever it is.
pub(crate) fn from_title(title: &str) -> String {
    let slug = slugify(title);
    if slug.is_empty() {
        "untitled".to_owned()
    } else if is_reserved(&slug) {
        format!("{slug}-page")
    } else {
        slug
    }
}

/// The `n`-th way to write `slug`: itself, then with a number.
pub(crate) fn numbered(slug: &str, n: u32) -> String {
    if n < 2 { slug.to_owned() } else { format!("{slug}-{n}") }
}

#[cfg(test)]
mod tests {
    use super::{from_title, is_reserved};

    #[test]
    fn every_title_has_a_slug_that_is_no_route() {
        for title in ["New", "🦀", "마루 소개", "0190a0f0-0000-7000-8000-000000000000"] {
            let slug = from_title(title);
            assert!(!slug.is_empty() && !is_reserved(&slug), "{slug}");
        }
    }
}
