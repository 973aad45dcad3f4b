//! The schema, step by step.

use kit::db::Migration;

/// All steps, in order. A released one is never changed.
pub(crate) const ALL: &[Migration] = &[
    Migration { number: 1, name: "posts", sql: include_str!("0001_posts.sql") },
    Migration { number: 2, name: "inbox", sql: kit::events::inbox::SQL },
    Migration { number: 3, name: "outbox", sql: kit::events::outbox::SQL },
    Migration { number: 4, name: "core", sql: include_str!("0004_core.sql") },
    Migration { number: 5, name: "search", sql: include_str!("0005_search.sql") },
    Migration { number: 6, name: "parked", sql: kit::events::consumer::SQL },
    Migration { number: 7, name: "backup", sql: kit::backup::SQL },
    Migration { number: 8, name: "revision images", sql: include_str!("0008_revision_images.sql") },
];
