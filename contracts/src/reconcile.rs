//! What a reconciliation found: `POST /internal/reconcile` of each service that keeps what events
//! bring it.

use serde::{Deserialize, Serialize};

/// Answer of `POST /internal/reconcile`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReconciliationReport))]
pub struct Report {
    /// Which service.
    pub service: String,
    /// What was recounted.
    pub checks: Vec<Check>,
}

/// One kind of copy or count that events maintain, recounted from its owner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReconciliationCheck))]
pub struct Check {
    /// `like_counts`, `author_copies`, …
    pub name: String,
    /// How many were looked at.
    pub checked: u64,
    /// How many were not what they should be. Expected: 0.
    pub drift: u64,
    /// How many of those are right now.
    pub repaired: u64,
}

impl Report {
    /// Drift of all checks together.
    pub fn drift(&self) -> u64 {
        self.checks.iter().map(|check| check.drift).sum()
    }
}
