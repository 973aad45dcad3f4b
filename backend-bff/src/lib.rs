//! The backend-for-frontend: documents rendered in a sandbox, the module registry, sessions, page
//! composition, the gateway.
//!
//! It owns no domain data: posts, accounts and images are the services'. Its own database holds
//! sessions and which module versions are live.
#![forbid(unsafe_code)]

mod assets;
mod backend;
mod body;
mod cache;
mod cookies;
mod cors;
mod direct;
mod document;
mod events;
mod forms;
mod gateway;
mod guest;
mod health;
mod layers;
mod limits;
mod listed;
mod locale;
mod network;
mod observe;
mod oidc;
mod openapi;
mod operator;
mod pages;
mod paths;
mod reconciliation;
pub mod registry;
mod rules;
pub mod sandbox;
mod schema;
mod sessions;
mod start;
mod upstream;

use std::path::PathBuf;

use axum::Router;
use kit::Secret;
use url::Url;

pub use cors::Cors;
pub use limits::{PerMinute, TrafficLimits};
pub use network::Network;
pub use rules::{LiveRules, Rules};
pub use start::start;
pub use upstream::{BreakerLimits, Limits, Upstream, Upstreams};

/// What the BFF needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the registry, compiled code and (unless `database_url` says otherwise) the database live.
    pub data_dir: PathBuf,
    /// `sqlite://…` or `postgres://…`; `bff.db` in the data folder when absent.
    pub database_url: Option<String>,
    /// Where browsers reach the site.
    pub public_url: Url,
    /// Name of the site.
    pub site_name: String,
    /// Bundles that are taken in at start, one folder each.
    pub modules_dir: Option<PathBuf>,
    /// Program that compiles new modules in a process of its own (see [`sandbox::COMPILE_COMMAND`]); without
    /// one they are compiled in this process, whose memory grows by what that takes.
    pub compiler: Option<PathBuf>,
    /// What holds at the front door until [`Bff::rules`] says otherwise.
    pub rules: Rules,
    /// Bytes that answers kept for all guests may take together; 0 keeps none.
    pub page_cache_bytes: u64,
    /// When every service counts anew what events maintain, each day, in UTC; none only when an admin asks.
    pub reconcile_at: Option<time::Time>,
    /// What callers of the operator's listener show.
    pub operator_token: Secret,
}

/// A started BFF.
#[derive(Debug)]
pub struct Bff {
    /// For everybody.
    pub public: Router,
    /// For a private listener: publishing, releases, metrics.
    pub operator: Router,
    /// What may change while it runs.
    pub rules: LiveRules,
}
