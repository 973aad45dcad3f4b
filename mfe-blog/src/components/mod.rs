//! Components of the blog.

mod post_card;
mod terms;

pub(crate) use post_card::{Cover, Lead, PostList};
pub(crate) use terms::{CategoryLink, TagList, TermCloud, category_class, post_url};
