//! Pages of the blog, one file each.

pub(crate) mod archive;
pub(crate) mod home;
pub(crate) mod list;
pub(crate) mod notices;
pub(crate) mod post;
pub(crate) mod search;
pub(crate) mod terms;
pub(crate) mod text_page;
