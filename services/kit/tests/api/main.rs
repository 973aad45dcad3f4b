//! The kit on both databases: migrations, events through every crash point, callers, the frame.
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails")]

mod away;
mod backups;
mod buses;
mod caches;
mod callers;
mod events;
mod frame;
mod migrations;
mod peers;
mod rates;
mod server;
mod transactions;
