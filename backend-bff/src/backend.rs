//! What composition, sessions and the gateway share.

use std::{sync::Arc, time::Duration};

use contracts::{auth::UserCard, pages::TermCard};
use http::HeaderValue;
use moka::future::Cache;
use url::Url;

use crate::{Settings, Upstreams, registry::Registry, sessions::Sessions};

/// Everything behind the pages.
pub(crate) struct Backend {
    pub(crate) upstreams: Upstreams,
    pub(crate) registry: Arc<Registry>,
    pub(crate) sessions: Sessions,
    pub(crate) site: Site,
    /// What the BFF shows at `/internal/*` of the services.
    pub(crate) service_authorization: HeaderValue,
    /// Cards of authors. Short-lived: a change shows within half a minute.
    pub(crate) authors: Cache<String, Arc<UserCard>>,
    /// Categories and tags by path. Even shorter, and forgotten when a post changes through here.
    pub(crate) terms: Cache<&'static str, Arc<Vec<TermCard>>>,
}

/// What the settings say about the site.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) name: String,
    /// Scheme and authority, no trailing slash.
    pub(crate) origin: String,
    pub(crate) secure: bool,
    /// Plain HTTP on this machine: any name of the host will do as origin.
    pub(crate) loopback: bool,
}

impl Site {
    pub(crate) fn new(settings: &Settings) -> Self {
        let url = &settings.public_url;
        let secure = url.scheme() == "https";
        Self {
            name: settings.site_name.clone(),
            origin: url.origin().ascii_serialization(),
            secure,
            loopback: !secure && is_loopback(url),
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
        Some(url::Host::Ipv6(address)) => address.is_loopback() || address.is_unspecified(),
        None => false,
    }
}

pub(crate) fn authors() -> Cache<String, Arc<UserCard>> {
    Cache::builder().max_capacity(1000).time_to_live(Duration::from_secs(30)).build()
}

pub(crate) fn terms() -> Cache<&'static str, Arc<Vec<TermCard>>> {
    Cache::builder().max_capacity(4).time_to_live(Duration::from_secs(10)).build()
}
