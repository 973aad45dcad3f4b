//! The schema, step by step.

use kit::db::Migration;

/// All steps, in order. A released one is never changed.
pub(crate) const ALL: &[Migration] = &[
    Migration { number: 1, name: "accounts", sql: include_str!("0001_accounts.sql") },
    Migration { number: 2, name: "outbox", sql: kit::events::outbox::SQL },
    Migration { number: 3, name: "complete", sql: include_str!("0003_complete.sql") },
    Migration { number: 4, name: "backup", sql: kit::backup::SQL },
];
