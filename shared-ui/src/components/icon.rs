use maud::{Markup, html};

/// A line icon, by its name. Decoration: what it means stands beside it. What it looks like is in
/// `style/components.css`.
pub fn icon(name: &str) -> Markup {
    html! { i class=(["icon icon--", name].concat()) {} }
}

/// A heart.
pub const HEART: &str = "heart";
/// A bookmark.
pub const BOOKMARK: &str = "bookmark";
/// A speech bubble.
pub const BUBBLE: &str = "bubble";
/// An eye.
pub const EYE: &str = "eye";
/// A chain.
pub const CHAIN: &str = "chain";
