//! The rules of posts, without a database or HTTP.

pub(crate) mod diff;
pub(crate) mod fields;
pub(crate) mod images;
pub(crate) mod input;
pub(crate) mod leading;
pub(crate) mod schedule;
pub(crate) mod slug;
pub(crate) mod visibility;
