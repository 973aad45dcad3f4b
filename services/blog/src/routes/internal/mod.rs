//! `/internal/*`: for other services, with the service token.

pub(crate) mod counts;
pub(crate) mod import;
pub(crate) mod import_category;
pub(crate) mod redirects;
