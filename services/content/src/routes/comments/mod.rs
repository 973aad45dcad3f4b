//! `/api/comments`

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod like;
pub(crate) mod list;
pub(crate) mod mine;
pub(crate) mod preview;
pub(crate) mod read;
pub(crate) mod report;
pub(crate) mod restore;
pub(crate) mod update;

mod find;
mod guest;
mod write;

pub(crate) use delete::trash;
pub(crate) use find::{OfPost, lock, no_comment};
pub(crate) use restore::{not_in_trash, restore as restore_comment};
pub(crate) use write::render;
