//! `maru bench-gateway`: the backend-for-frontend alone, before one service that stands for all of them.

use std::net::SocketAddr;

use anyhow::Result;
use backend_bff::{Settings, Upstream, Upstreams};
use clap::Args;
use kit::{Secret, Shared, serve};
use url::Url;

use super::{serve::bind, tell};
use crate::{config::Config, http_server};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Base URL of the service
    #[arg(long, value_name = "URL")]
    upstream: Url,
}

pub(super) async fn run(arguments: Arguments) -> Result<()> {
    let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0)), "--listen").await?;
    let folder = tempfile::tempdir()?;
    let config = Config::default();
    let address = config.address(listener.local_addr()?.port())?;
    // Nobody else is to know them, and nobody will ask.
    let secret = || Secret::new(kit::id::new());
    let shared = Shared::in_process(address.as_str(), secret());
    serve::stop_on_signals(shared.shutdown.clone())?;
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
        network: backend_bff::Network::default(),
        page_cache_bytes: 0,
        operator_token: secret(),
    };
    let bff = backend_bff::start(settings, upstreams, &shared).await?;
    shared.bus.open();
    tell(&format!("the gateway is listening on http://{}", listener.local_addr()?));
    http_server::serve(listener, bff.public, shared.shutdown.clone()).await;
    Ok(())
}
