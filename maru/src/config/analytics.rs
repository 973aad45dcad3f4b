//! `[analytics]`: how views are counted, and who hears of them.

use std::path::PathBuf;

use analytics::Settings;
use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};

use super::refused;
use crate::parts::secret_in;

/// `[analytics]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Analytics {
    /// Minutes that the site's midnight is before that of UTC: 540 for Seoul.
    pub utc_offset_minutes: i32,
    /// Days for which numbers by page, referrer, country and device are kept. Totals stay for ever.
    pub retention_days: u32,
    /// Where views go besides. Nothing leaves without it.
    pub google: Option<GoogleAnalytics>,
}

/// `[analytics.google]`: the Measurement Protocol of Google Analytics.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoogleAnalytics {
    /// `G-…`, of the data stream.
    pub measurement_id: String,
    /// File with the data stream's API secret.
    pub api_secret_file: PathBuf,
    /// Another end, where data must stay in a region.
    #[serde(default = "default_endpoint")]
    pub endpoint: String,
}

fn default_endpoint() -> String {
    "https://www.google-analytics.com/mp/collect".to_owned()
}

impl Default for Analytics {
    fn default() -> Self {
        let Settings { utc_offset_minutes, retention_days, .. } = Settings::new("");
        Self { utc_offset_minutes, retention_days, google: None }
    }
}

impl Analytics {
    pub(super) fn check(&self) -> Result<()> {
        if self.utc_offset_minutes.abs() > 14 * 60 {
            bail!(refused("analytics.utc_offset_minutes", self.utc_offset_minutes));
        }
        if self.retention_days < 31 {
            bail!(refused("analytics.retention_days", self.retention_days));
        }
        let Some(google) = &self.google else { return Ok(()) };
        if !google.measurement_id.starts_with("G-") {
            bail!(refused("analytics.google.measurement_id", &google.measurement_id));
        }
        let endpoint = url::Url::parse(&google.endpoint);
        if !endpoint.is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
            bail!(refused("analytics.google.endpoint", &google.endpoint));
        }
        Ok(())
    }

    /// As the service takes it.
    ///
    /// # Errors
    /// When the file with the secret cannot be read.
    pub fn settings(&self, database_url: String) -> Result<Settings> {
        let google = |google: &GoogleAnalytics| {
            Ok::<_, anyhow::Error>(analytics::GoogleAnalytics {
                measurement_id: google.measurement_id.clone(),
                api_secret: secret_in(&google.api_secret_file, "analytics.google.api_secret_file")?,
                endpoint: google.endpoint.clone(),
            })
        };
        Ok(Settings {
            utc_offset_minutes: self.utc_offset_minutes,
            retention_days: self.retention_days,
            google_analytics: self.google.as_ref().map(google).transpose()?,
            ..Settings::new(database_url)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn google_is_told_only_when_configured_and_its_secret_is_in_a_file() {
        assert!(Analytics::default().settings("sqlite://x".to_owned()).unwrap().google_analytics.is_none());
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        let google = GoogleAnalytics {
            measurement_id: "G-1".to_owned(),
            api_secret_file: file.clone(),
            endpoint: default_endpoint(),
        };
        let analytics = Analytics { google: Some(google), ..Analytics::default() };
        let error = format!("{:#}", analytics.settings(String::new()).unwrap_err());
        assert!(error.contains("analytics.google.api_secret_file"), "{error}");
        std::fs::write(&file, "hunter2\n").unwrap();
        let settings = analytics.settings(String::new()).unwrap();
        assert!(settings.google_analytics.is_some_and(|google| google.api_secret.matches("hunter2")));
    }
}
