//! Components of the admin area.

mod chart;
mod frame;
mod post_table;
mod table;
mod upload;

pub(crate) use chart::{bars, columns};
pub(crate) use frame::{Section, frame};
pub(crate) use post_table::{post_table, status_badge};
pub(crate) use table::{Filtering, all_box, choice_box, figures, filter, panel, table};
pub(crate) use upload::upload_into;
