//! What is known of images without a database: kinds, cleaning, smaller ones.

pub(crate) mod clean;
pub(crate) mod format;
pub(crate) mod name;
pub(crate) mod pixels;
pub(crate) mod pool;
mod strip;
mod svg;
pub(crate) mod variants;
