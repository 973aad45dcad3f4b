//! What other services and operators may ask for.

pub(super) mod authors;
pub(super) mod images;
pub(super) mod links;
pub(super) mod maintenance;
pub(super) mod names;
pub(super) mod revocations;
pub(super) mod setup;
pub(super) mod users;
