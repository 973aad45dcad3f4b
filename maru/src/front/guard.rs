//! The doors of a process that visitors come to.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use backend_bff::Bff;
use kit::{
    Shared,
    server::{Admission, Door, Tls},
};
use tokio::net::TcpListener;
use url::Url;

use super::to_https;
use crate::config::Config;

/// What guards them; made before anything slow, since files and ports are what is most often wrong.
pub(crate) struct Guard {
    admission: Option<Admission>,
    tls: Option<Tls>,
    redirect: Option<TcpListener>,
}

impl Guard {
    /// As the configuration says.
    ///
    /// # Errors
    /// When the certificate cannot be used, or the port of the redirect is taken.
    pub(crate) async fn new(config: &Config) -> Result<Self> {
        let limits = &config.limits;
        let proxies = config.network.trusted()?;
        let admission = || Admission::new(limits.connections, limits.connections_per_address, proxies);
        let redirect = match config.tls.as_ref().and_then(|tls| tls.redirect) {
            Some(address) => Some(listen(address).await?),
            None => None,
        };
        Ok(Self {
            admission: limits.enabled.then(admission),
            tls: config.tls.as_ref().map(super::Tls::open).transpose()?,
            redirect,
        })
    }

    /// The doors: for visitors, for the operator, and for visitors who come by HTTP although there is HTTPS.
    pub(crate) fn doors(
        self,
        shared: &Shared,
        address: &Url,
        public: TcpListener,
        (operator, bff): (TcpListener, Bff),
    ) -> Vec<(TcpListener, Door)> {
        let mut door = Door::new(bff.public);
        if let Some(admission) = self.admission {
            door = door.with_admission(admission);
        }
        if let Some(tls) = self.tls {
            shared.tasks.spawn(tls.clone().keep_fresh(shared.shutdown.clone()));
            door = door.with_tls(tls);
        }
        let redirect = self.redirect.map(|listener| (listener, to_https(address.clone()).into()));
        [(public, door), (operator, bff.operator.into())].into_iter().chain(redirect).collect()
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen at {address} (tls.redirect)"))
}
