//! Extractors whose rejections are problem documents that name the field.

mod body;
mod path;
mod query;

pub use body::Body;
pub use path::Path;
pub use query::Query;
