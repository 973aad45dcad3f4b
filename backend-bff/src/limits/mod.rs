//! How much is answered, and to whom: so often per client ([`rate`]), so many at once ([`shed`]) and of one client
//! ([`turns`]), and no longer than a client keeps sending ([`slow`]).

mod class;
mod rate;
mod shed;
mod slow;
mod turns;

use std::time::Duration;

pub use class::PerMinute;
pub(crate) use rate::{Rates, limit, limited};
pub(crate) use shed::{Lanes, admit, admitted, no_room};
pub(crate) use slow::{bounded, was_slow};
pub(crate) use turns::{Turn, Turns};

/// How much one client may ask for, and how much is answered at once.
#[derive(Clone, Debug)]
pub struct TrafficLimits {
    /// How often a client may ask. Somebody signed in is one client wherever they are; everybody else is their
    /// address (in IPv6 their network of 64 bits).
    pub per_minute: PerMinute,
    /// How many requests are answered at once; 0 for any number. Beyond that they wait, and what waited in
    /// vain is a 503. Of what changes something and of uploads one address has a quarter at most.
    pub in_flight: usize,
    /// How long a request may wait for its turn.
    pub queue: Duration,
    /// How long a form with files may wait until there is room for it. Few are held at once, of one address one.
    pub form_queue: Duration,
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
            form_queue: Duration::from_secs(10),
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
