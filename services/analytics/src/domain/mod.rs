//! Rules that need no database.

pub(crate) mod bots;
pub(crate) mod bug;
pub(crate) mod csv;
pub(crate) mod day;
pub(crate) mod origin;
pub(crate) mod visitor;
