//! The rules of posts, without a database or HTTP.

pub(crate) mod draft;
pub(crate) mod slug;
pub(crate) mod visibility;
