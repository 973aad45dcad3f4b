//! `[cors]`.

use anyhow::{Result, bail};
use http::HeaderValue;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::config::refused;

/// `[cors]`: which other sites' scripts may use `/api`. By default none.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cors {
    /// `https://app.example`, or `*` for all. Their scripts may ask as anybody, with an access token if they have one.
    pub origins: Vec<String>,
    /// Those of them whose scripts may also ask as the visitor, with the cookies of this site.
    pub credentials: Vec<String>,
}

impl Cors {
    /// As the BFF takes it.
    ///
    /// # Errors
    /// Names what is no origin.
    pub fn settings(&self) -> Result<backend_bff::Cors> {
        let mut cors = backend_bff::Cors::default();
        for text in &self.origins {
            match text.as_str() {
                "*" => cors.any = true,
                text => cors.origins.push(origin("cors.origins", text)?),
            }
        }
        for text in &self.credentials {
            cors.credentials.push(origin("cors.credentials", text)?);
        }
        Ok(cors)
    }
}

fn origin(key: &str, text: &str) -> Result<HeaderValue> {
    // A star within a name is a name to the parser, and would never match.
    let url = Url::parse(text).ok().filter(|url| url.origin().ascii_serialization() == text && !text.contains('*'));
    match url.and_then(|_| text.parse().ok()) {
        Some(origin) => Ok(origin),
        None => bail!(refused(key, text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_of_other_sites_are_let_in_by_origin() {
        let cors = |origins: &[&str], credentials: &[&str]| Cors {
            origins: origins.iter().map(|text| (*text).to_owned()).collect(),
            credentials: credentials.iter().map(|text| (*text).to_owned()).collect(),
        };
        let settings = cors(&["*"], &["https://app.example"]).settings().unwrap();
        assert!(settings.any && settings.credentials == ["https://app.example"]);
        for wrong in ["https://app.example/", "app.example", "https://*.example", "null"] {
            let refused = cors(&[wrong], &[]).settings().unwrap_err().to_string();
            assert!(refused.contains("cors.origins") && refused.contains("https://app.example"), "{wrong}: {refused}");
        }
        assert!(cors(&[], &["*"]).settings().is_err(), "nobody lets all sites act as their visitors");
    }
}
