//! The doors of a process that visitors come to.

use std::{net::SocketAddr, sync::Arc};

use anyhow::{Context, Result};
use backend_bff::{Bff, LiveRules};
use ipnet::IpNet;
use kit::{
    Shared,
    server::{Admission, Door, Lanes, Tls},
};
use tokio::net::TcpListener;
use url::Url;

use super::to_https;
use crate::config::Config;

/// What guards them; made before anything slow, since files and ports are what is most often wrong.
pub(crate) struct Guard {
    admission: Arc<Admission>,
    lanes: Lanes,
    tls: Option<Tls>,
    redirect: Option<TcpListener>,
}

impl Guard {
    /// As the configuration says.
    ///
    /// # Errors
    /// When the certificate cannot be used, or the port of the redirect is taken.
    pub(crate) async fn new(config: &Config) -> Result<Self> {
        let (most, most_of_one, proxies) = connections(config)?;
        let redirect = match config.tls.as_ref().and_then(|tls| tls.redirect) {
            Some(address) => Some(listen(address).await?),
            None => None,
        };
        Ok(Self {
            admission: Arc::new(Admission::new(most, most_of_one, proxies)),
            lanes: Lanes::start().context("the threads that answer visitors cannot be started")?,
            tls: config.tls.as_ref().map(super::Tls::open).transpose()?,
            redirect,
        })
    }

    /// What a changed configuration changes at once.
    pub(crate) fn live(&self, rules: LiveRules) -> LiveFront {
        LiveFront { admission: self.admission.clone(), rules }
    }

    /// The doors: for visitors, for the operator, and for visitors who come by HTTP although there is HTTPS.
    pub(crate) fn doors(
        self,
        shared: &Shared,
        address: &Url,
        public: TcpListener,
        (operator, bff): (TcpListener, Bff),
    ) -> Vec<(TcpListener, Door)> {
        let mut door = Door::new(bff.public).with_admission(self.admission).on(self.lanes);
        if let Some(tls) = self.tls {
            shared.tasks.spawn(tls.clone().keep_fresh(shared.shutdown.clone()));
            door = door.with_tls(tls);
        }
        let redirect = self.redirect.map(|listener| (listener, to_https(address.clone()).into()));
        [(public, door), (operator, bff.operator.into())].into_iter().chain(redirect).collect()
    }
}

/// What holds at the doors, and can be changed while they are open.
pub(crate) struct LiveFront {
    admission: Arc<Admission>,
    rules: LiveRules,
}

impl LiveFront {
    /// Keys that take effect at once, by how they begin.
    pub(crate) const KEYS: [&str; 3] = ["cors.", "limits.", "network."];

    /// Requests and connections from now on are treated as the configuration says.
    ///
    /// # Errors
    /// Names the key that makes no sense; nothing changed then.
    pub(crate) fn set(&self, config: &Config) -> Result<()> {
        let (rules, (most, most_of_one, proxies)) = (super::rules(config)?, connections(config)?);
        self.rules.set(rules).map_err(anyhow::Error::msg)?;
        self.admission.set(most, most_of_one, proxies);
        Ok(())
    }
}

/// How many connections there may be, in all and from one address, and whose are not counted by address.
fn connections(config: &Config) -> Result<(usize, usize, Vec<IpNet>)> {
    let limits = &config.limits;
    Ok(match limits.enabled {
        true => (limits.connections, limits.connections_per_address, config.network.trusted()?),
        false => (usize::MAX, usize::MAX, Vec::new()),
    })
}

async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen at {address} (tls.redirect)"))
}
