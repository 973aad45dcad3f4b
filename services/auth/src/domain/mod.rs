//! Rules and secrets, without a database or HTTP.

pub(crate) mod fields;
pub(crate) mod files;
pub(crate) mod keys;
pub(crate) mod names;
pub(crate) mod password;
pub(crate) mod seal;
pub(crate) mod throttle;
