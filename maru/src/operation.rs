//! What can be configured of watching, ending and checking a running site.

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::config::refused;

/// `[telemetry]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Telemetry {
    /// Base URL of a collector that takes OTLP over HTTP (`http://localhost:4318`); none exports nothing.
    pub otlp_endpoint: Option<String>,
    /// The part of all traces that is exported, from 0 to 1. The same in every process, so that traces are whole.
    pub sample_ratio: f64,
}

/// `[lifecycle]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lifecycle {
    /// Seconds between SIGTERM, from when on `/_ready` says no, and the end of listening: as long as a load
    /// balancer takes to see it.
    pub notice: u16,
    /// Seconds that running answers may take after the end of listening; then they are cut off.
    pub drain: u16,
}

/// `[reconciliation]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reconciliation {
    /// Each day at this time (UTC), `HH:MM`; empty: only when an admin asks.
    pub at: String,
}

impl Default for Lifecycle {
    fn default() -> Self {
        Self { notice: 0, drain: 30 }
    }
}

impl Default for Reconciliation {
    fn default() -> Self {
        Self { at: "03:30".to_owned() }
    }
}

impl Default for Telemetry {
    fn default() -> Self {
        Self { otlp_endpoint: None, sample_ratio: 1.0 }
    }
}

impl Telemetry {
    /// Whether the values make sense.
    ///
    /// # Errors
    /// Names the key whose value is refused, and what is allowed.
    pub fn check(&self) -> Result<()> {
        let Telemetry { otlp_endpoint, sample_ratio } = self;
        if let Some(text) = otlp_endpoint
            && !Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        {
            bail!(refused("telemetry.otlp_endpoint", text));
        }
        if !(0.0..=1.0).contains(sample_ratio) {
            bail!(refused("telemetry.sample_ratio", sample_ratio));
        }
        Ok(())
    }
}

impl Reconciliation {
    /// The time.
    ///
    /// # Errors
    /// When it is none.
    pub fn time(&self) -> Result<Option<time::Time>> {
        if self.at.is_empty() {
            return Ok(None);
        }
        let format = time::macros::format_description!("[hour]:[minute]");
        match time::Time::parse(&self.at, format) {
            Ok(time) => Ok(Some(time)),
            Err(_) => bail!(refused("reconciliation.at", &self.at)),
        }
    }
}
