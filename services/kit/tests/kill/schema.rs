//! What the two sides keep.

use contracts::events::Event;
use kit::{
    db::Migration,
    events::{consumer, inbox, outbox},
};
use serde::{Deserialize, Serialize};

/// Something was added to an aggregate.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Added {
    /// Which write it was.
    pub(crate) write: String,
    /// What the aggregate came to: an absolute total.
    pub(crate) total: i64,
}

impl Event for Added {
    const KIND: &'static str = "kill.added";
    const SCHEMA_VERSION: u32 = 1;
}

pub(crate) const PRODUCER: &[Migration] = &[
    Migration { number: 1, name: "outbox", sql: outbox::SQL },
    Migration {
        number: 2,
        name: "writes",
        sql: "CREATE TABLE writes (id TEXT PRIMARY KEY, aggregate TEXT NOT NULL);
            CREATE TABLE totals (aggregate TEXT PRIMARY KEY, total BIGINT NOT NULL);",
    },
];

/// The log has no unique column: an effect that happened twice stands there twice.
pub(crate) const CONSUMER: &[Migration] = &[
    Migration { number: 1, name: "inbox", sql: inbox::SQL },
    Migration { number: 2, name: "parked", sql: consumer::SQL },
    Migration {
        number: 3,
        name: "effects",
        sql: "CREATE TABLE effects (write_id TEXT NOT NULL, aggregate TEXT NOT NULL, total BIGINT NOT NULL);
            CREATE INDEX effects_by_write ON effects (write_id);
            CREATE TABLE totals (aggregate TEXT PRIMARY KEY, total BIGINT NOT NULL, disorder BIGINT NOT NULL);",
    },
];
