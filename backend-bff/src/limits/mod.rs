//! How much is answered, and to whom: so often per client ([`rate`]), so many at once ([`shed`]), and no
//! longer than a client keeps sending ([`slow`]).

mod class;
mod rate;
mod shed;
mod slow;

use std::time::Duration;

pub use class::PerMinute;
pub(crate) use rate::{Rates, limit, limited};
pub(crate) use shed::{Lanes, admit, admitted};
pub(crate) use slow::{bounded, was_slow};

/// How much one client may ask for, and how much is answered at once.
#[derive(Clone, Debug)]
pub struct TrafficLimits {
    /// How often a client may ask. Somebody signed in is one client wherever they are; everybody else is their
    /// address (in IPv6 their network of 64 bits).
    pub per_minute: PerMinute,
    /// How many requests are answered at once; 0 for any number. Beyond that they wait, and what waited in
    /// vain is a 503.
    pub in_flight: usize,
    /// How long a request may wait for its turn.
    pub queue: Duration,
    /// How long a client may pause while it sends a body.
    pub body_pause: Duration,
    /// How long a body may take, uploads aside.
    pub body: Duration,
    /// How long the body of an upload may take.
    pub upload_body: Duration,
}

impl Default for TrafficLimits {
    fn default() -> Self {
        Self {
            per_minute: PerMinute::default(),
            in_flight: 256,
            queue: Duration::from_millis(500),
            body_pause: Duration::from_secs(15),
            body: Duration::from_secs(25),
            upload_body: Duration::from_secs(240),
        }
    }
}

impl TrafficLimits {
    /// Any number of requests from anybody, for tests and measurements.
    pub fn none() -> Self {
        Self { per_minute: PerMinute::any(), in_flight: 0, ..Self::default() }
    }
}
