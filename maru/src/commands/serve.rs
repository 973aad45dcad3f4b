//! `maru serve`: everything in one process, or one part of it.

use std::{fs, net::SocketAddr, path::PathBuf, time::Duration};

use anyhow::{Context, Result, bail};
use axum::Router;
use backend_bff::{Bff, Upstream, Upstreams};
use clap::Args;
use kit::{Shared, server::Door};
use serde_json::{Map, Value};
use tokio::net::TcpListener;
use url::Url;

use super::{Common, serve_alone, tell};
use crate::{
    config::Config,
    data_dir::DataDir,
    demo,
    embedded::Embedded,
    front::{self, Guard},
    parts::Part,
    reload::Reload,
    signals::{End, Signals},
    sockets::Sockets,
};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Where visitors are answered [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Where `maru publish` and its kin are answered [default: 127.0.0.1:0, a free port]
    #[arg(long, value_name = "ADDRESS")]
    operator_listen: Option<String>,
    /// The site's address as browsers see it [default: http://localhost:<port>]
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Folder of built modules that are taken in at start [default: `modules` beside the program]
    #[arg(long, value_name = "DIR")]
    modules: Option<PathBuf>,
    /// Name of the site [default: Maru]
    #[arg(long, value_name = "NAME")]
    site_name: Option<String>,
    /// Serve one service alone; needs `services.bus` and `services.urls` in the configuration
    #[arg(long, value_name = "NAME", conflicts_with_all = ["bff", "modules", "no_demo"])]
    service: Option<Part>,
    /// Serve the site alone, before services that run elsewhere
    #[arg(long, conflicts_with = "no_demo")]
    bff: bool,
    /// Leave an empty blog empty
    #[arg(long)]
    no_demo: bool,
}

impl Arguments {
    /// Whether it is more than one service for others.
    pub(super) fn answers_visitors(&self) -> bool {
        self.service.is_none()
    }

    fn flags(&self) -> Result<Map<String, Value>> {
        let mut flags = Map::new();
        let texts =
            [("listen", &self.listen), ("operator_listen", &self.operator_listen), ("public_url", &self.public_url)];
        for (key, value) in texts {
            if let Some(value) = value {
                flags.insert(key.to_owned(), value.as_str().into());
            }
        }
        if let Some(modules) = &self.modules {
            flags.insert("modules".to_owned(), serde_json::to_value(modules).context("--modules")?);
        }
        if let Some(name) = &self.site_name {
            flags.insert("site".to_owned(), serde_json::json!({ "name": name }));
        }
        Ok(flags)
    }
}

pub(super) async fn run(arguments: Arguments) -> Result<()> {
    // Before anything else: whoever signals does not know how far it is.
    let signals = Signals::new()?;
    let name = match arguments.service {
        Some(part) => format!("maru-{}", part.name()),
        None if arguments.bff => "maru-bff".to_owned(),
        None => "maru".to_owned(),
    };
    let flags = arguments.flags()?;
    let (config, logging) = arguments.common.configure_serving(flags.clone(), &name)?;
    let reload = Reload::new(config.clone(), &logging, || arguments.common.load(flags.clone()));
    let process = Process { sockets: Sockets::inherited()?, signals, reload: &reload };
    let outcome = serve(&arguments, &config, process).await;
    drop(reload);
    logging.finish().await;
    match outcome? {
        (End::Stop, _) => Ok(()),
        (End::StartAgain, sockets) => Err(sockets.start_again()),
    }
}

/// What a serving process has, whichever part it serves.
pub(super) struct Process<'a> {
    pub(super) sockets: Sockets,
    signals: Signals,
    pub(super) reload: &'a Reload<'a>,
}

impl Process<'_> {
    /// Serves until a signal ends it; then `shared` has ended as well.
    pub(super) async fn serve(
        mut self,
        config: &Config,
        shared: &Shared,
        listeners: impl IntoIterator<Item = (TcpListener, Door)>,
    ) -> Result<(End, Sockets)> {
        let (notice, drain) = (config.lifecycle.notice, config.lifecycle.drain);
        let (notice, drain) = (Duration::from_secs(notice.into()), Duration::from_secs(drain.into()));
        let handed_on = self.sockets.handed_on();
        let servers: Vec<_> = listeners
            .into_iter()
            .enumerate()
            .map(|(place, (listener, door))| {
                let door = door.with_drain(drain);
                // The first is the public one: nobody else holds another.
                (listener, if place == 0 { door.handed_on(handed_on.clone()) } else { door })
            })
            .map(|(listener, door)| tokio::spawn(kit::server::serve(listener, door, shared.shutdown.clone())))
            .collect();
        let end = self.signals.end(shared, notice, &handed_on, || self.reload.run()).await?;
        if end == End::Stop {
            self.sockets.close();
        }
        for server in servers {
            server.await?;
        }
        shared.finish().await;
        Ok((end, self.sockets))
    }
}

async fn serve(arguments: &Arguments, config: &Config, mut process: Process<'_>) -> Result<(End, Sockets)> {
    let data = DataDir::open(&config.data)?;
    if let Some(part) = arguments.service {
        return serve_alone::service(part, config, &data, process).await;
    }
    let _lock = data.lock()?;
    if arguments.bff {
        return serve_alone::bff(config, &data, process).await;
    }
    // Before anything slow: a port in use is the most common mistake.
    let public = process.sockets.public(config.listen)?;
    let operator = process.sockets.operator(config.operator_listen)?;
    let guard = Guard::new(config).await?;
    let local = public.local_addr()?;
    let address = config.address(local.port())?;

    let embedded = Embedded::start(config, &data, &address).await?;
    if !arguments.no_demo {
        demo::install_once(&embedded.services, &data).await?;
    }
    if !data.bff().exists() {
        tell("Taking in the modules: compiled once, ready at once from the next start on.");
    }
    let bff = start_bff(config, &data, &address, &embedded).await?;
    embedded.open();

    let _address = OperatorAddress::write(&data, operator.local_addr()?)?;
    welcome(config, local, &address, setup_link(&data, &address));
    process.reload.watch(guard.live(bff.rules.clone()));
    let doors = guard.doors(&embedded.shared, &address, public, (operator, bff));
    process.serve(config, &embedded.shared, doors).await
}

async fn start_bff(config: &Config, data: &DataDir, address: &Url, embedded: &Embedded) -> Result<Bff> {
    let settings = bff_settings(config, data, address)?;
    let services = &embedded.services;
    let here = |part: Part, router: &Router| {
        let described = config.upstreams.get(part.name()).cloned().unwrap_or_default();
        if !described.addresses.is_empty() {
            bail!("upstreams.{}.addresses is for `maru serve --bff`: here the service is in this process", part.name());
        }
        described.around(Upstream::in_process(router.clone()))
    };
    let upstreams = Upstreams {
        auth: here(Part::Auth, &services.auth)?,
        blog: here(Part::Blog, &services.blog)?,
        content: here(Part::Content, &services.content)?,
        page: here(Part::Page, &services.page)?,
        analytics: here(Part::Analytics, &services.analytics)?,
        storage: here(Part::Storage, &services.storage)?,
    };
    Ok(backend_bff::start(settings, upstreams, &embedded.shared).await?)
}

pub(super) fn bff_settings(config: &Config, data: &DataDir, address: &Url) -> Result<backend_bff::Settings> {
    Ok(backend_bff::Settings {
        data_dir: data.bff(),
        database_url: config.database.bff.clone(),
        public_url: address.clone(),
        site_name: config.site.name.clone(),
        modules_dir: config.modules_folder(),
        compiler: std::env::current_exe().ok(),
        rules: front::rules(config)?,
        page_cache_bytes: u64::from(config.cache.pages_megabytes) << 20,
        reconcile_at: config.reconciliation.time()?,
        operator_token: data.operator_token()?,
    })
}

/// The one-time link, as long as there is no admin.
fn setup_link(data: &DataDir, address: &Url) -> Option<Url> {
    let token = auth::setup::link_token(&data.auth())?;
    let mut link = address.join("setup").ok()?;
    link.query_pairs_mut().append_pair("token", token.expose());
    Some(link)
}

fn welcome(config: &Config, local: SocketAddr, address: &Url, setup_link: Option<Url>) {
    let ip = local.ip();
    let here =
        if ip.is_loopback() || ip.is_unspecified() { format!("localhost:{}", local.port()) } else { local.to_string() };
    let scheme = if config.tls.is_some() { "https" } else { "http" };
    tell(&format!("\n  {} is listening on {scheme}://{here}", config.site.name));
    if config.public_url.is_some() {
        tell(&format!("  Browsers reach it at {address}"));
    }
    if let Some(link) = setup_link {
        tell(&format!("  Become its admin, once, at {link}"));
    }
    tell(&format!("  Data is in {}. Ctrl-C ends it.\n", config.data.display()));
}

/// The file that tells `maru publish` where to call; gone when the process ends.
pub(super) struct OperatorAddress(PathBuf);

impl OperatorAddress {
    pub(super) fn write(data: &DataDir, address: SocketAddr) -> Result<Self> {
        let file = data.operator_address_file();
        fs::write(&file, address.to_string()).with_context(|| format!("{} cannot be written", file.display()))?;
        Ok(Self(file))
    }
}

impl Drop for OperatorAddress {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0) {
            tracing::debug!(%error, "the operator address was not removed");
        }
    }
}
