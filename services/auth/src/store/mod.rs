//! The service's tables. Each file knows one of them and nothing of HTTP.

pub(crate) mod audit;
pub(crate) mod sessions;
pub(crate) mod tokens;
pub(crate) mod users;
