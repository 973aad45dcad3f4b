//! Between services.

pub(super) mod import;
pub(super) mod lookup;
pub(super) mod reconcile;
