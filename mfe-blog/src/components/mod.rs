//! Components of the blog.

mod away;
mod comment_forms;
mod comments;
mod notice;
mod post_card;
mod terms;

pub(crate) use away::away;
pub(crate) use comment_forms::On;
pub(crate) use comments::comments;
pub(crate) use notice::{badge, notice_list};
pub(crate) use post_card::{counts, cover, lead, link_list, post_list};
pub(crate) use terms::{category_class, category_link, post_url, tag_list, term_cloud, term_url};
