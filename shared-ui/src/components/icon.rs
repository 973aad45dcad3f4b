use maud::{Markup, html};

/// A line icon of 24 × 24, by the data of its path. Decoration: what it means stands beside it.
pub fn icon(path: &str) -> Markup {
    html! {
        svg.icon viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" { path d=(path) {} }
    }
}

/// A heart.
pub const HEART: &str =
    "M12 20s-7.5-4.6-9-9.3C2 7.4 4 4.5 7 4.5c2.2 0 3.9 1.2 5 3 1.1-1.8 2.8-3 5-3 3 0 5 2.9 4 6.2C19.5 15.4 12 20 12 20";
/// A bookmark.
pub const BOOKMARK: &str = "M6 4h12v16.5l-6-4.5-6 4.5z";
/// A speech bubble.
pub const BUBBLE: &str = "M4 5h16v11H10l-4.5 4v-4H4z";
/// An eye.
pub const EYE: &str = "M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6";
/// A chain.
pub const CHAIN: &str =
    "M10 14a4 4 0 0 0 5.7 0l3.5-3.5a4 4 0 0 0-5.7-5.7L12.5 5.8M14 10a4 4 0 0 0-5.7 0l-3.5 3.5a4 4 0 0 0 5.7 5.7l1-1";
/// A magnifying glass.
pub const LENS: &str = "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5L20 20";
