//! `maru serve --service NAME` and `maru serve --bff`: one part in a process of its own.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use backend_bff::{Upstream, Upstreams};
use kit::Shared;
use url::Url;

use super::{
    serve::{OperatorAddress, Process, bff_settings},
    tell,
};
use crate::{config::Config, data_dir::DataDir, front::Guard, parts::Part, signals::End, sockets::Sockets};

/// Serves one service until it is told to end. It listens at `listen`, by default on its own port of this machine.
pub(super) async fn service(
    part: Part,
    config: &Config,
    data: &DataDir,
    mut process: Process<'_>,
) -> Result<(End, Sockets)> {
    let listen = if config.listen == Config::default().listen {
        SocketAddr::from(([127, 0, 0, 1], part.port()))
    } else {
        config.listen
    };
    let listener = process.sockets.public(listen)?;
    let address = config.address(8080)?;
    let shared = Shared::alone(part.name(), &config.services.shared(part, &address, data)?)?;
    let started = part.start(config, data, &shared).await?;
    shared.bus.open();
    tell(&format!("\n  The {} service is listening on http://{}\n", part.name(), listener.local_addr()?));
    let router = kit::caller::only(started.router, shared.service_token.clone());
    process.serve(config, &shared, [(listener, router.into())]).await
}

/// Serves the backend-for-frontend before services that run elsewhere.
pub(super) async fn bff(config: &Config, data: &DataDir, mut process: Process<'_>) -> Result<(End, Sockets)> {
    let public = process.sockets.public(config.listen)?;
    let operator = process.sockets.operator(config.operator_listen)?;
    let guard = Guard::new(config).await?;
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
    let bff = backend_bff::start(bff_settings(config, data, &address)?, upstreams, &shared).await?;
    shared.bus.open();
    let _address = OperatorAddress::write(data, operator.local_addr()?)?;
    let scheme = if config.tls.is_some() { "https" } else { "http" };
    tell(&format!("\n  {} is listening on {scheme}://{}\n", config.site.name, public.local_addr()?));
    process.reload.watch(guard.live(bff.rules.clone()));
    let doors = guard.doors(&shared, &address, public, (operator, bff));
    process.serve(config, &shared, doors).await
}
