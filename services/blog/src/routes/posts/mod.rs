//! `/api/posts`

pub(crate) mod adjacent;
pub(crate) mod bulk;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod featured;
pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod preview;
pub(crate) mod read;
pub(crate) mod related;
pub(crate) mod restore;
pub(crate) mod update;
