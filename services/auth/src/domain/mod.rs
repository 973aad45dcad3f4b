//! Rules and secrets, without a database or HTTP.

pub(crate) mod fields;
pub(crate) mod files;
pub(crate) mod password;
pub(crate) mod signer;
pub(crate) mod throttle;
