//! `maru serve --service NAME` and `maru serve --bff`: one part in a process of its own.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use backend_bff::{Upstream, Upstreams};
use kit::{Shared, serve};
use url::Url;

use super::{serve::bind, tell};
use crate::{config::Config, data_dir::DataDir, http_server, parts::Part};

/// Serves one service until it is told to end. It listens at `listen`, by default on its own port of this machine.
pub(super) async fn service(part: Part, config: &Config, data: &DataDir) -> Result<()> {
    let listen = if config.listen == Config::default().listen {
        SocketAddr::from(([127, 0, 0, 1], part.port()))
    } else {
        config.listen
    };
    let listener = bind(listen, "--listen").await?;
    let address = config.address(8080)?;
    let shared = Shared::alone(part.name(), &config.services.shared(part, &address, data)?)?;
    serve::stop_on_signals(shared.shutdown.clone())?;
    let started = part.start(config, data, &shared).await?;
    tell(&format!("\n  The {} service is listening on http://{}\n", part.name(), listener.local_addr()?));
    serve::serve(started, &shared, listener).await.context("the listener failed")
}

/// Serves the backend-for-frontend before services that run elsewhere.
pub(super) async fn bff(config: &Config, data: &DataDir) -> Result<()> {
    let public = bind(config.listen, "--listen").await?;
    let operator = bind(config.operator_listen, "--operator-listen").await?;
    let address = config.address(public.local_addr()?.port())?;
    // It consumes events, and checks tokens as the services do.
    let shared = Shared::alone("bff", &config.services.shared(Part::Blog, &address, data)?)?;
    let at = |part: Part| -> Result<Upstream> {
        let url = config.services.url_of(part)?;
        let url = Url::parse(url).with_context(|| format!("services.urls.{} = {url:?} is no URL", part.name()))?;
        config.upstreams.get(part.name()).cloned().unwrap_or_default().over_http(url)
    };
    let upstreams = Upstreams {
        auth: at(Part::Auth)?,
        blog: at(Part::Blog)?,
        content: at(Part::Content)?,
        page: at(Part::Page)?,
        analytics: at(Part::Analytics)?,
        storage: at(Part::Storage)?,
    };
    serve::stop_on_signals(shared.shutdown.clone())?;
    let bff = backend_bff::start(super::serve::bff_settings(config, data, &address)?, upstreams, &shared).await?;
    shared.bus.open();
    let operator_address = super::serve::OperatorAddress::write(data, operator.local_addr()?)?;
    tell(&format!("\n  {} is listening on http://{}\n", config.site.name, public.local_addr()?));
    let stop = shared.shutdown.clone();
    tokio::join!(
        http_server::serve(public, bff.public, stop.clone()),
        http_server::serve(operator, bff.operator, stop.clone())
    );
    drop(operator_address);
    shared.tasks.close();
    shared.tasks.wait().await;
    Ok(())
}
