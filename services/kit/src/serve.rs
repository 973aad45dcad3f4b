//! Running one service alone: what it shares with the others comes from settings, and it listens on
//! a port of its own.

use std::io;

use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    Clock, Secret, Service, Shared, StartError,
    auth::{self, Verifier},
    cache::Cache,
    caller,
    events::rabbitmq::{Options, RabbitMq},
    peers::Peers,
    server,
};

/// What joins a service to the others when each runs in a process of its own.
#[derive(Clone, Debug)]
pub struct SharedSettings {
    /// Public URL of the site, as access tokens name it.
    pub public_url: String,
    /// What callers of `/internal/*` show: the same in all processes.
    pub service_token: Secret,
    /// `amqp://` or `amqps://`. May hold a password.
    pub bus_url: Option<Secret>,
    /// `redis://` or `rediss://`; none keeps things in process. May hold a password.
    pub cache_url: Option<Secret>,
    /// The auth service's `/.well-known/jwks.json`; none for the auth service itself.
    pub jwks_url: Option<String>,
    /// Names and base URLs of the other services.
    pub peers: Vec<(String, String)>,
}

impl Shared {
    /// For `service` alone in its process. Call [`crate::bus::Bus::open`] when it has started.
    ///
    /// # Errors
    /// Without a bus that reaches the other processes: its events would never arrive. When a URL is none.
    pub fn alone(service: &'static str, settings: &SharedSettings) -> Result<Self, StartError> {
        let refused = |reason: &str| StartError::new(service, reason);
        let Some(bus_url) = &settings.bus_url else {
            return Err(refused(
                "alone in its process it needs a bus that reaches the others: configure the URL of a RabbitMQ, or run \
                 all services in one process",
            ));
        };
        let clock = Clock::system();
        let (shutdown, tasks) = (CancellationToken::new(), TaskTracker::new());
        let bus = RabbitMq::start(bus_url.expose(), Options::default(), shutdown.clone(), &tasks)
            .map_err(|error| refused("the URL of its bus cannot be used").because(error))?;
        let mut shared = Self::in_process(settings.public_url.clone(), settings.service_token.clone());
        if let Some(url) = &settings.cache_url {
            shared.cache = Cache::redis(url.expose())
                .map_err(|error| refused("the URL of its cache cannot be used").because(error))?;
        }
        shared.verifier = match &settings.jwks_url {
            Some(url) => Verifier::remote(settings.public_url.clone(), url.clone(), clock.clone()),
            None => Verifier::new(settings.public_url.clone(), clock.clone()),
        };
        shared.peers = Peers::in_process(settings.service_token.clone());
        for (name, url) in &settings.peers {
            shared
                .peers
                .register_url(name, url)
                .map_err(|error| refused(&format!("the URL of its peer {name} cannot be used")).because(error))?;
        }
        let shared = Self { bus: std::sync::Arc::new(bus), clock, shutdown, tasks, ..shared };
        auth::follow(&shared);
        Ok(shared)
    }
}

/// Serves until [`Shared::shutdown`], then lets requests and background work under way end.
///
/// # Errors
/// When the listener has no address any more.
pub async fn serve(service: Service, shared: &Shared, listener: TcpListener) -> io::Result<()> {
    shared.bus.open();
    tracing::info!(service = service.name, address = %listener.local_addr()?, "listening");
    let router = caller::only(service.router, shared.service_token.clone());
    server::serve(listener, router, shared.shutdown.clone()).await;
    shared.finish().await;
    Ok(())
}
