//! What stands at the front door: who may come how often, whose word about a client is believed.

mod cors;
mod guard;
mod limits;
mod tls;

use std::net::IpAddr;

use anyhow::{Result, bail};
use http::HeaderName;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::config::{Config, refused};

pub use cors::Cors;
pub(crate) use guard::{Guard, LiveFront};
pub use limits::Limits;
pub use tls::{Tls, to_https};

/// What the BFF is to hold visitors to.
///
/// # Errors
/// Names the key that makes no sense.
pub(crate) fn rules(config: &Config) -> Result<backend_bff::Rules> {
    Ok(backend_bff::Rules {
        network: config.network.settings()?,
        limits: config.limits.settings(),
        cors: config.cors.settings()?,
    })
}

/// `[network]`: what stands between this program and its visitors.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Network {
    /// Addresses or networks of proxies in front. Only what they say in `x-forwarded-for` is believed. By default
    /// this machine itself.
    pub trusted_proxies: Vec<String>,
    /// The header in which such a proxy tells a visitor's country: `cf-ipcountry` and the like.
    pub country_header: Option<String>,
}

impl Default for Network {
    fn default() -> Self {
        Self { trusted_proxies: vec!["127.0.0.0/8".to_owned(), "::1/128".to_owned()], country_header: None }
    }
}

impl Network {
    /// As the BFF takes it.
    ///
    /// # Errors
    /// Names the key that makes no sense.
    pub fn settings(&self) -> Result<backend_bff::Network> {
        let country_header = match self.country_header.as_deref().map(|name| (name, name.parse::<HeaderName>())) {
            None => None,
            Some((_, Ok(header))) => Some(header),
            Some((name, Err(_))) => bail!(refused("network.country_header", name)),
        };
        Ok(backend_bff::Network { trusted_proxies: self.trusted()?, country_header })
    }

    /// The proxies.
    ///
    /// # Errors
    /// Names the one that is no address.
    pub fn trusted(&self) -> Result<Vec<IpNet>> {
        let net = |text: &String| match text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)) {
            Ok(net) => Ok(net),
            Err(_) => bail!(refused("network.trusted_proxies", text)),
        };
        self.trusted_proxies.iter().map(net).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_addresses_or_networks() {
        let network = |proxies: &[&str]| Network {
            trusted_proxies: proxies.iter().map(|text| (*text).to_owned()).collect(),
            country_header: Some("cf-ipcountry".to_owned()),
        };
        let trusted = network(&["10.0.0.0/8", "192.0.2.1", "fd00::/8"]).settings().unwrap().trusted_proxies;
        assert_eq!(
            trusted.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["10.0.0.0/8", "192.0.2.1/32", "fd00::/8"]
        );
        let error = network(&["proxy.example"]).settings().unwrap_err().to_string();
        assert!(error.contains("network.trusted_proxies") && error.contains("10.0.0.0/8"), "{error}");
    }
}
