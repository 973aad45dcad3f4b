//! Signing in elsewhere: OpenID Connect (authorization code with PKCE, state and nonce).

mod client;
mod id_token;

use std::{collections::BTreeMap, sync::Arc};

use contracts::auth::ProviderInfo;
use kit::Clock;
use url::Url;

use crate::settings::ProviderSettings;

pub(crate) use client::Provider;
pub(crate) use id_token::Identity;

/// Why a provider cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProviderError {
    #[error("`{0}` is no id for a provider: use a–z, 0–9 and `-`")]
    Id(String),
    #[error("`{0}` is there twice")]
    Twice(String),
    #[error("the issuer of `{0}` must be an https URL")]
    Issuer(String),
    #[error("`{0}` needs a client id")]
    Client(String),
    #[error("no connection can be made")]
    Connection(#[from] reqwest::Error),
}

/// Why a sign-in elsewhere came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OidcError {
    /// The provider cannot be reached, or what it says makes no sense.
    #[error("the provider is away: {0}")]
    Away(String),
    /// The provider, or what it vouches for, is not as it must be.
    #[error("refused: {0}")]
    Refused(String),
}

/// All providers that are configured.
pub(crate) struct Providers(BTreeMap<String, Arc<Provider>>);

impl Providers {
    pub(crate) fn new(settings: Vec<ProviderSettings>, site_url: &str, clock: Clock) -> Result<Self, ProviderError> {
        let http = reqwest::Client::builder()
            // A provider that sends us elsewhere is none.
            .redirect(reqwest::redirect::Policy::none())
            .timeout(std::time::Duration::from_secs(10))
            .build()?;
        let mut providers = BTreeMap::new();
        for settings in settings {
            check(&settings)?;
            let id = settings.id.clone();
            let redirect_uri = format!("{site_url}/api/auth/oidc/{id}/callback");
            let provider = Provider::new(settings, redirect_uri, http.clone(), clock.clone());
            if providers.insert(id.clone(), Arc::new(provider)).is_some() {
                return Err(ProviderError::Twice(id));
            }
        }
        Ok(Self(providers))
    }

    pub(crate) fn get(&self, id: &str) -> Option<Arc<Provider>> {
        self.0.get(id).cloned()
    }

    /// For the buttons of the sign-in page.
    pub(crate) fn infos(&self) -> Vec<ProviderInfo> {
        self.0.iter().map(|(id, provider)| ProviderInfo { id: id.clone(), name: provider.name().to_owned() }).collect()
    }
}

fn check(settings: &ProviderSettings) -> Result<(), ProviderError> {
    let id = &settings.id;
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    // It stands beside `password` where sessions say how they began.
    if id.is_empty() || id.len() > 40 || !id.chars().all(is_plain) || id == "password" {
        return Err(ProviderError::Id(id.clone()));
    }
    if settings.client_id.is_empty() {
        return Err(ProviderError::Client(id.clone()));
    }
    match Url::parse(&settings.issuer) {
        Ok(url) if is_private_enough(&url) => Ok(()),
        _ => Err(ProviderError::Issuer(id.clone())),
    }
}

/// HTTPS, or a server on this machine.
pub(crate) fn is_private_enough(url: &Url) -> bool {
    let is_here = match url.host() {
        Some(url::Host::Domain(host)) => host == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_here)
}

#[cfg(test)]
mod tests {
    use super::{ProviderSettings, check};

    #[test]
    fn odd_providers_are_named_at_the_start() {
        let provider = |id: &str, issuer: &str| ProviderSettings {
            id: id.into(),
            name: "X".into(),
            issuer: issuer.into(),
            client_id: "maru".into(),
            client_secret: None,
        };
        assert!(check(&provider("google", "https://accounts.google.com")).is_ok());
        assert!(check(&provider("local", "http://127.0.0.1:4000")).is_ok());
        for (id, issuer) in [
            ("Google", "https://x.example"),
            ("password", "https://x.example"),
            ("a", "http://x.example"),
            ("a", "nonsense"),
        ] {
            assert!(check(&provider(id, issuer)).is_err(), "{id} {issuer}");
        }
    }
}
