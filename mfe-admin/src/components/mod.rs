//! Components of the admin area.

mod frame;
mod post_actions;
mod post_table;

pub(crate) use frame::{AdminHead, Section};
pub(crate) use post_actions::{DeletePost, PublishPost};
pub(crate) use post_table::{PostTable, StatusBadge};
