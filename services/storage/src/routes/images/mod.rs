//! Images that were stored.

pub(super) mod delete;
pub(super) mod list;
pub(super) mod orphans;
