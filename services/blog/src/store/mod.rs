//! The service's tables. Each file knows one of them and nothing of HTTP.

pub(crate) mod authors;
pub(crate) mod list;
pub(crate) mod posts;
pub(crate) mod redirects;
pub(crate) mod row;
pub(crate) mod terms;
