//! `[limits]`.

use std::time::Duration;

use anyhow::{Result, bail};
use backend_bff::PerMinute;
use serde::{Deserialize, Serialize};

use crate::config::refused;

/// `[limits]`: how often one client may ask, and how much is answered at once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// False: no limit per client and none on what is answered at once. For measurements on a machine of one's own.
    pub enabled: bool,
    /// How often one client may ask.
    pub per_minute: PerMinute,
    /// Requests that are answered at once; others wait.
    pub in_flight: usize,
    /// How long they wait, in milliseconds, before they are refused.
    pub queue_ms: u64,
    /// Open connections.
    pub connections: usize,
    /// Open connections from one address. Trusted proxies may have more.
    pub connections_per_address: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let backend_bff::TrafficLimits { per_minute, in_flight, queue, .. } = backend_bff::TrafficLimits::default();
        Self {
            enabled: true,
            per_minute,
            in_flight,
            queue_ms: u64::try_from(queue.as_millis()).unwrap_or_default(),
            connections: 4000,
            connections_per_address: 200,
        }
    }
}

impl Limits {
    /// As the BFF takes it.
    pub fn settings(&self) -> backend_bff::TrafficLimits {
        if !self.enabled {
            return backend_bff::TrafficLimits::none();
        }
        backend_bff::TrafficLimits {
            per_minute: self.per_minute,
            in_flight: self.in_flight,
            queue: Duration::from_millis(self.queue_ms),
            ..backend_bff::TrafficLimits::default()
        }
    }

    /// Refuses what would let nobody in.
    ///
    /// # Errors
    /// Names the key.
    pub fn check(&self) -> Result<()> {
        for (key, value) in
            [("limits.connections", self.connections), ("limits.connections_per_address", self.connections_per_address)]
        {
            if value == 0 {
                bail!(refused(key, value));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_can_be_turned_off() {
        assert_eq!(Limits::default().settings().per_minute, PerMinute::default());
        let off = Limits { enabled: false, ..Limits::default() }.settings();
        assert_eq!((off.per_minute, off.in_flight), (PerMinute::any(), 0));
    }

    #[test]
    fn somebody_is_let_in() {
        let refused = Limits { connections: 0, ..Limits::default() }.check().unwrap_err().to_string();
        assert!(refused.contains("limits.connections"), "{refused}");
    }
}
