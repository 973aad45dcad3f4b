//! `/api/posts`

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod featured;
pub(crate) mod list;
pub(crate) mod read;
pub(crate) mod update;
mod write;

pub(crate) use write::render;
