//! The schema, step by step.

use kit::{
    backup,
    db::Migration,
    events::{consumer, inbox, outbox},
};

/// All steps, in order. A released one is never changed.
pub(crate) const ALL: &[Migration] = &[
    Migration { number: 1, name: "content", sql: include_str!("0001_content.sql") },
    Migration { number: 2, name: "inbox", sql: inbox::SQL },
    Migration { number: 3, name: "parked messages", sql: consumer::SQL },
    Migration { number: 4, name: "outbox", sql: outbox::SQL },
    Migration { number: 5, name: "restores", sql: backup::SQL },
    Migration { number: 6, name: "faster lists", sql: include_str!("0006_faster_lists.sql") },
];
