//! The rules of comments, without a database or HTTP.

pub(crate) mod address;
pub(crate) mod eyes;
pub(crate) mod hex;
pub(crate) mod rules;
pub(crate) mod text;
pub(crate) mod thread;
