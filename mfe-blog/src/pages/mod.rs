//! Pages of the blog, one file each.

pub(crate) mod home;
pub(crate) mod list;
pub(crate) mod post;
pub(crate) mod unknown;
