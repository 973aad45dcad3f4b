//! What Maru's services share: errors as problem documents, who is calling, the database, events
//! between services, health.
//!
//! Knows nothing of posts, accounts or images. A service is a function
//! `start(settings, &Shared) -> Result<Service, StartError>`; it gets everything that joins it to
//! the others from [`Shared`] and gives back a router that answers without a socket.
#![forbid(unsafe_code)]

pub mod answers;
pub mod auth;
pub mod backup;
pub mod cache;
pub mod caller;
pub mod clock;
pub mod context;
pub mod db;
mod dead_letters;
pub mod error;
pub mod events;
pub mod extract;
mod frame;
pub mod http;
pub mod id;
pub mod metrics;
pub mod openapi;
pub mod passwords;
pub mod peers;
pub mod rates;
mod secret;
pub mod serve;
pub mod server;
mod shared;
#[cfg(feature = "testing")]
#[expect(clippy::expect_used, reason = "a test that cannot be set up fails")]
pub mod testing;
pub mod trace;

/// The name by which [`Shared`] knows the way events travel.
pub use events::bus;

pub use clock::Clock;
pub use error::{ApiError, ApiResult};
pub use frame::Frame;
pub use secret::Secret;
pub use serve::SharedSettings;
pub use shared::{Service, Shared, StartError};
