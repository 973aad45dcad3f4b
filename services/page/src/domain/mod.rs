//! The rules of pages, without a database or HTTP.

pub(crate) mod input;
pub(crate) mod names;
pub(crate) mod slug;
