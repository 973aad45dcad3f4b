//! Calling the services: over HTTP, or in process without a socket; the same layers around both.
//!
//! A call goes `call` (deadline, coalescing) → `routing` (which version answers this visitor) → `target`
//! (retries within a budget, the least busy healthy address) → `address` (breaker, concurrency limit) →
//! `transport`. A share of the reading calls can be sent to another version too, and compared (`mirror`).

mod address;
mod answer;
mod breaker;
mod call;
mod failure;
mod flights;
mod limits;
mod meters;
mod mirror;
mod operate;
mod part;
mod plan;
mod probe;
mod report;
mod routing;
mod served;
mod steady;
mod store;
mod target;
mod transport;

use std::{sync::Arc, time::Duration};

use axum::{Router, http::HeaderValue};
use kit::StartError;
use url::Url;

pub(crate) use answer::Answer;
pub use limits::{BreakerLimits, Limits};
pub(crate) use operate::{Control, routes};
pub(crate) use part::{optional, within_page_deadline};
pub(crate) use routing::{VISITOR_KEY, visitor_key};

use flights::Flights;
use meters::Meters;
use mirror::Mirror;
use plan::Plan;
use target::Target;

/// A service behind the BFF: its versions and their addresses. Cheap to clone; clones share breakers and
/// whatever is changed while everything runs.
#[derive(Clone, Debug)]
pub struct Upstream(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    name: &'static str,
    plan: Plan,
    targets: Vec<Target>,
    flights: Flights,
    mirror: Mirror,
    meters: Meters,
}

/// The services that the BFF composes.
#[derive(Clone, Debug)]
pub struct Upstreams {
    /// Accounts and tokens.
    pub auth: Upstream,
    /// Posts, categories, tags.
    pub blog: Upstream,
    /// Comments, likes, bookmarks.
    pub content: Upstream,
    /// Static pages and notices.
    pub page: Upstream,
    /// Views, numbers, bug reports.
    pub analytics: Upstream,
    /// Images, backups.
    pub storage: Upstream,
}

impl Upstreams {
    /// All of them, by name.
    pub(crate) fn all(&self) -> [(&'static str, &Upstream); 6] {
        [
            ("auth", &self.auth),
            ("blog", &self.blog),
            ("content", &self.content),
            ("page", &self.page),
            ("analytics", &self.analytics),
            ("storage", &self.storage),
        ]
    }

    /// The service of that name.
    pub(crate) fn named(&self, name: &str) -> Option<&Upstream> {
        self.all().into_iter().find(|(other, _)| *other == name).map(|(_, upstream)| upstream)
    }

    /// The same, each knowing its name, showing its service `token`, and sharing nothing with what it was made from.
    pub(crate) fn label(self, token: &HeaderValue) -> Self {
        let label = |upstream: &Upstream, name| {
            let mut plan = upstream.0.plan.clone();
            plan.show(token);
            Upstream::build(name, plan)
        };
        Self {
            auth: label(&self.auth, "auth"),
            blog: label(&self.blog, "blog"),
            content: label(&self.content, "content"),
            page: label(&self.page, "page"),
            analytics: label(&self.analytics, "analytics"),
            storage: label(&self.storage, "storage"),
        }
    }
}

impl Upstream {
    /// The service's own router.
    pub fn in_process(router: Router) -> Self {
        Self::build("service", Plan::in_process(router))
    }

    /// The service at `base`.
    ///
    /// # Errors
    /// When no HTTP client can be made (no TLS roots on this machine).
    pub fn http(base: Url) -> Result<Self, StartError> {
        Self::balanced(&[base])
    }

    /// The service at several addresses that are all the same to it.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn balanced(bases: &[Url]) -> Result<Self, StartError> {
        Ok(Self::build("service", Plan::http(bases)?))
    }

    /// What the service itself is called among its versions (by default `main`), and its share of the visitors.
    #[must_use]
    pub fn called(self, target: &str, weight: u32) -> Self {
        self.planned(|plan| plan.call(target, weight))
    }

    /// The service with another version beside, which answers `weight` of the sum of all weights of the visitors.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn beside(self, target: &str, weight: u32, bases: &[Url]) -> Result<Self, StartError> {
        let transports = Plan::transports(bases)?;
        Ok(self.planned(|plan| plan.add(target, weight, transports)))
    }

    /// Other limits than the usual ones.
    #[must_use]
    pub fn limited(self, limits: Limits) -> Self {
        self.planned(|plan| plan.limits = limits)
    }

    /// Sends `percent` of the reading calls to the version `target` as well, and compares.
    #[must_use]
    pub fn mirrored(self, target: &str, percent: u8) -> Self {
        self.planned(|plan| plan.mirror = Some((target.to_owned(), percent)))
    }

    fn planned(self, change: impl FnOnce(&mut Plan)) -> Self {
        let mut plan = self.0.plan.clone();
        change(&mut plan);
        Self::build(self.0.name, plan)
    }

    fn build(name: &'static str, plan: Plan) -> Self {
        let targets = plan.targets(name);
        let mirror = Mirror::new(plan.mirror.clone());
        let meters = Meters::new(name);
        Self(Arc::new(Inner { name, plan, targets, flights: Flights::default(), mirror, meters }))
    }

    fn target(&self, name: &str) -> Option<&Target> {
        self.0.targets.iter().find(|target| &*target.name == name)
    }

    /// Whether the service says of itself that it can answer: asked past breakers, and not counted.
    pub(crate) async fn is_ready(&self) -> bool {
        const DEADLINE: Duration = Duration::from_secs(2);
        let live = self.0.targets.iter().filter(|target| target.weight() > 0).map(async |target| {
            let asked = target.addresses.iter().map(|address| address.ask("/ready", DEADLINE));
            let answers = futures_util::future::join_all(asked).await;
            answers.into_iter().flatten().any(|status| status.is_success())
        });
        futures_util::future::join_all(live).await.into_iter().all(|ready| ready)
    }
}
