//! `maru bench-gateway`: the backend-for-frontend alone, before one service that stands for all of them.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result};
use backend_bff::{Rules, Settings, Upstream, Upstreams};
use clap::Args;
use kit::{
    Secret, Shared,
    server::{Door, Lanes},
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::tell;
use crate::{config::Config, signals::Signals};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Base URL of the service
    #[arg(long, value_name = "URL")]
    upstream: Url,
}

pub(super) async fn run(arguments: Arguments) -> Result<()> {
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let listener = TcpListener::bind(address).await.context("no port is free")?;
    let folder = tempfile::tempdir()?;
    let config = Config::default();
    let address = config.address(listener.local_addr()?.port())?;
    // Nobody else is to know them, and nobody will ask.
    let secret = || Secret::new(kit::id::new());
    let shared = Shared::in_process(address.as_str(), secret());
    let upstream = Upstream::http(arguments.upstream)?;
    let upstreams = Upstreams {
        auth: upstream.clone(),
        blog: upstream.clone(),
        content: upstream.clone(),
        page: upstream.clone(),
        analytics: upstream.clone(),
        storage: upstream,
    };
    let settings = Settings {
        data_dir: folder.path().to_owned(),
        database_url: None,
        public_url: address,
        site_name: config.site.name,
        modules_dir: None,
        compiler: None,
        rules: Rules::unlimited(),
        reconcile_at: None,
        page_cache_bytes: 0,
        operator_token: secret(),
    };
    let bff = backend_bff::start(settings, upstreams, &shared).await?;
    shared.bus.open();
    tell(&format!("the gateway is listening on http://{}", listener.local_addr()?));
    let door = Door::new(bff.public).on(Lanes::start()?);
    let server = tokio::spawn(kit::server::serve(listener, door, shared.shutdown.clone()));
    Signals::new()?.end(&shared, Duration::ZERO, &CancellationToken::new(), || {}).await?;
    server.await?;
    Ok(())
}
