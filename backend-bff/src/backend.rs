//! What composition, sessions and the gateway share.

use std::{sync::Arc, time::Duration};

use contracts::{auth::UserCard, pages::TermCard, storage::Picture};
use http::HeaderValue;
use kit::{Clock, auth::Verifier, bus::Bus};
use moka::future::Cache;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    LiveRules, Settings, Upstreams, cache::PageCache, health::Health, limits::Rates, reconciliation::Reconciliation,
    registry::Registry, sessions::Sessions,
};

/// Everything behind the pages.
pub(crate) struct Backend {
    pub(crate) upstreams: Upstreams,
    pub(crate) registry: Arc<Registry>,
    pub(crate) sessions: Sessions,
    pub(crate) site: Site,
    /// What the BFF shows at `/internal/*` of the services.
    pub(crate) service_authorization: HeaderValue,
    pub(crate) rules: LiveRules,
    pub(crate) rates: Rates,
    /// Cards of authors, until they change (see `events`).
    pub(crate) authors: Cache<String, Arc<UserCard>>,
    /// Categories and tags by path, until a post or a term changes.
    pub(crate) terms: Cache<&'static str, Arc<Vec<TermCard>>>,
    /// What is known of images, by URL: an image never changes.
    pub(crate) pictures: Cache<String, Arc<Picture>>,
    /// Answers that are the same for everybody.
    pub(crate) cache: Arc<PageCache>,
    /// Checks the tokens of programs that call what is the BFF's own.
    pub(crate) verifier: Verifier,
    /// By which the replicas tell each other what to forget.
    pub(crate) bus: Arc<dyn Bus>,
    pub(crate) clock: Clock,
    /// Counting anew what events maintain.
    pub(crate) reconciliation: Reconciliation,
    /// What this process knows of itself and of the services.
    pub(crate) health: Health,
    /// Cancelled when the process is to end.
    pub(crate) shutdown: CancellationToken,
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

pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
        Some(url::Host::Ipv6(address)) => address.is_loopback() || address.is_unspecified(),
        None => false,
    }
}

pub(crate) fn authors() -> Cache<String, Arc<UserCard>> {
    Cache::builder().max_capacity(10_000).time_to_live(Duration::from_secs(30 * 60)).build()
}

pub(crate) fn terms() -> Cache<&'static str, Arc<Vec<TermCard>>> {
    Cache::builder().max_capacity(4).time_to_live(Duration::from_secs(3600)).build()
}

pub(crate) fn pictures() -> Cache<String, Arc<Picture>> {
    Cache::builder().max_capacity(2_000).time_to_live(Duration::from_secs(3600)).build()
}
