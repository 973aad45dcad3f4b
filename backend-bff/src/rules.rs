//! What holds at the front door, and may change while it is open.

use std::{ops::Deref, sync::Arc};

use arc_swap::ArcSwap;

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
}

impl LiveRules {
    pub(crate) fn new(rules: Rules, site: Site) -> Self {
        let current = Arc::new(ArcSwap::from_pointee(Current::new(rules, &site)));
        Self { site, current }
    }

    /// What requests from now on are held to. Those under way end as they began.
    pub fn set(&self, rules: Rules) {
        self.current.store(Arc::new(Current::new(rules, &self.site)));
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
