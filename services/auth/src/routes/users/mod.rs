//! Other people's accounts.

pub(super) mod audit;
pub(super) mod cards;
pub(super) mod last_admin;
pub(super) mod list;
pub(super) mod role;
pub(super) mod status;
