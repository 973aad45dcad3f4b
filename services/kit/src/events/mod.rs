//! Events between services: written in the transaction that causes them, applied once where they
//! matter.
//!
//! A producer calls [`outbox::add`] inside its own transaction. Its [`relay`] hands the rows to the
//! [`bus`], which answers when every consumer has committed. A consumer calls [`inbox::receive`]
//! first thing in the transaction that holds the effect ([`consumer::Consumer`] does it). So a process killed at any point leaves an
//! event undelivered or delivered twice, never lost and never applied twice.

pub mod bus;
pub mod consumer;
pub mod inbox;
pub mod outbox;
pub mod rabbitmq;
mod received;
pub mod relay;

/// An event with its payload still unread.
pub type Message = contracts::events::Envelope<serde_json::Value>;
