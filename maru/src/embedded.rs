//! All services in this process, with what they share.

use std::time::Duration;

use anyhow::{Context, Result};
use kit::{Service, Shared};
use url::Url;

use crate::{config::Config, data_dir::DataDir, services::Services};

/// How long background work may take to come to an end.
const PATIENCE: Duration = Duration::from_secs(10);

/// Started services.
pub struct Embedded {
    /// What joins them.
    pub shared: Shared,
    /// Their routers.
    pub services: Services,
}

impl Embedded {
    /// Starts auth, blog and storage on the data folder, without listening anywhere. Call
    /// [`Embedded::open`] when everybody who listens for events has started.
    ///
    /// # Errors
    /// Names the service that could not start.
    pub async fn start(config: &Config, data: &DataDir, public_url: &Url) -> Result<Self> {
        let token = data.service_token()?;
        let issuer = public_url.as_str().trim_end_matches('/');
        let shared = Shared::in_process(issuer, token.clone());
        let auth = auth::Settings { database_url: config.database_url("auth"), data_dir: data.auth() };
        let blog = blog::Settings { database_url: config.database_url("blog") };
        let storage = storage::Settings { database_url: config.database_url("storage"), images_dir: data.images() };
        let (auth, blog, storage) =
            tokio::try_join!(auth::start(auth, &shared), blog::start(blog, &shared), storage::start(storage, &shared),)
                .context("a service could not start")?;
        let router = |service: Service| service.router;
        let services = Services { auth: router(auth), blog: router(blog), storage: router(storage), token };
        Ok(Self { shared, services })
    }

    /// Lets events travel.
    pub fn open(&self) {
        self.shared.bus.open();
    }

    /// Ends background work, waiting for what is under way.
    pub async fn stop(self) {
        self.shared.shutdown.cancel();
        self.shared.tasks.close();
        if tokio::time::timeout(PATIENCE, self.shared.tasks.wait()).await.is_err() {
            tracing::warn!(
                "background work did not end in {} seconds; what it left is done at the next start",
                PATIENCE.as_secs()
            );
        }
    }
}
