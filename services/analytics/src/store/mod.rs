//! The tables.

pub(crate) mod bugs;
pub(crate) mod facts;
pub(crate) mod recount;
pub(crate) mod reports;
pub(crate) mod retention;
pub(crate) mod rollup;
pub(crate) mod salts;
pub(crate) mod seats;
pub(crate) mod stats;
pub(crate) mod targets;
pub(crate) mod tell;
pub(crate) mod views;

use kit::backup::Table;

/// What a backup holds. Single views and the days' secrets are forgotten soon anyway.
pub(crate) const TABLES: &[Table] = &[
    Table { name: "targets", key: &["kind", "id"] },
    Table { name: "visitor_days", key: &["scope", "day"] },
    Table { name: "rollups", key: &["kind", "target_id", "dimension", "day", "value"] },
    Table { name: "bug_reports", key: &["id"] },
];

/// A count as it goes out: never negative, though the databases only have signed integers.
pub(crate) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// The same for counts that stay small.
pub(crate) fn small(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}
