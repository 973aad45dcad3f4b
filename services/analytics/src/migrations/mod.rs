//! The schema, step by step.

use kit::db::Migration;

/// All steps, in order. A released one is never changed.
pub(crate) const ALL: &[Migration] = &[
    Migration { number: 1, name: "views", sql: include_str!("0001_views.sql") },
    Migration { number: 2, name: "bug reports", sql: include_str!("0002_bug_reports.sql") },
    Migration { number: 3, name: "outbox", sql: kit::events::outbox::SQL },
    Migration { number: 4, name: "inbox", sql: kit::events::inbox::SQL },
    Migration { number: 5, name: "parked messages", sql: kit::events::consumer::SQL },
    Migration { number: 6, name: "restores", sql: kit::backup::SQL },
    Migration { number: 7, name: "fairness", sql: include_str!("0007_fairness.sql") },
];
