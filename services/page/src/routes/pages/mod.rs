//! `/api/pages`

pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod read;
pub(crate) mod trash;
pub(crate) mod update;

mod write;

pub(crate) use list::refused;
pub(crate) use write::{on_conflict, render};
