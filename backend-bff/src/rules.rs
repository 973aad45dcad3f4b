//! What holds at the front door, and may change while it is open.

use std::{net::IpAddr, ops::Deref, sync::Arc};

use arc_swap::ArcSwap;
use axum::extract::Request;

use crate::{Cors, Network, TrafficLimits, backend::Site, limits::Lanes};

/// Whose word about a client is believed, how much is answered, which sites' scripts may ask.
#[derive(Clone, Debug)]
pub struct Rules {
    /// What stands between the BFF and its clients.
    pub network: Network,
    /// How much is answered, and to whom.
    pub limits: TrafficLimits,
    /// Which other sites' scripts may use the API.
    pub cors: Cors,
}

impl Rules {
    /// Any number of requests from anybody, but from no other site's scripts; for tests and measurements.
    pub fn unlimited() -> Self {
        Self { network: Network::default(), limits: TrafficLimits::none(), cors: Cors::default() }
    }
}

/// The rules of a running BFF.
#[derive(Clone)]
pub struct LiveRules {
    site: Site,
    current: Arc<ArcSwap<Current>>,
}

/// The rules, and what follows from them.
pub(crate) struct Current {
    rules: Rules,
    pub(crate) lanes: Lanes,
}

impl Deref for Current {
    type Target = Rules;

    fn deref(&self) -> &Rules {
        &self.rules
    }
}

impl Current {
    fn new(rules: Rules, site: &Site) -> Self {
        Self { lanes: Lanes::new(&rules.limits, site.clone()), rules }
    }

    /// Whom a request counts for among those that are answered at once; none where they are not counted.
    pub(crate) fn client(&self, request: &Request) -> Option<IpAddr> {
        if self.limits.in_flight == 0 { None } else { self.network.subscriber(request) }
    }
}

impl LiveRules {
    pub(crate) fn new(rules: Rules, site: Site) -> Self {
        let current = Arc::new(ArcSwap::from_pointee(Current::new(rules, &site)));
        Self { site, current }
    }

    /// What requests from now on are held to. Those under way end as they began.
    ///
    /// # Errors
    /// When a rule makes no sense for the site: a sentence that names its key. Then nothing changed.
    pub fn set(&self, rules: Rules) -> Result<(), String> {
        if let Some(objection) = rules.cors.objection(&self.site) {
            return Err(objection);
        }
        self.current.store(Arc::new(Current::new(rules, &self.site)));
        Ok(())
    }

    /// Those of a request that begins now.
    pub(crate) fn current(&self) -> Arc<Current> {
        self.current.load_full()
    }
}

impl std::fmt::Debug for LiveRules {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Rules::fmt(&self.current(), formatter)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn rules_that_make_no_sense_change_nothing() {
        let origin = "https://blog.example".to_owned();
        let live =
            LiveRules::new(Rules::unlimited(), Site { name: String::new(), origin, secure: true, loopback: false });
        let trusting = |origin: &'static str| {
            let cors = Cors { any: true, credentials: vec![HeaderValue::from_static(origin)], ..Cors::default() };
            Rules { cors, ..Rules::unlimited() }
        };
        assert!(live.set(trusting("https://desk.example")).is_err_and(|refused| refused.contains("cors.credentials")));
        assert!(!live.current().cors.any);
        live.set(trusting("https://desk.blog.example")).unwrap();
        assert!(live.current().cors.any);
    }
}
