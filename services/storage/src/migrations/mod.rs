//! The schema, step by step.

use kit::db::Migration;

/// All steps, in order. A released one is never changed.
pub(crate) const ALL: &[Migration] = &[
    Migration { number: 1, name: "images", sql: include_str!("0001_images.sql") },
    Migration { number: 2, name: "library", sql: include_str!("0002_library.sql") },
    Migration { number: 3, name: "inbox", sql: kit::events::inbox::SQL },
    Migration { number: 4, name: "parked messages", sql: kit::events::consumer::SQL },
    Migration { number: 5, name: "restores", sql: kit::backup::SQL },
    Migration { number: 6, name: "backups", sql: include_str!("0003_backups.sql") },
];
