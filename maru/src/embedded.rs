//! All services in this process, with what they share.

use anyhow::Result;
use kit::{Service, Shared};
use url::Url;

use crate::{config::Config, data_dir::DataDir, parts::Part, services::Services};

/// Started services.
pub struct Embedded {
    /// What joins them.
    pub shared: Shared,
    /// Their routers.
    pub services: Services,
}

impl Embedded {
    /// Starts all services on the data folder, without listening anywhere. Call
    /// [`Embedded::open`] when everybody who listens for events has started.
    ///
    /// # Errors
    /// Names the service that could not start.
    pub async fn start(config: &Config, data: &DataDir, public_url: &Url) -> Result<Self> {
        let token = config.services.token(data)?;
        let issuer = public_url.as_str().trim_end_matches('/');
        let shared = Shared::in_process(issuer, token.clone());
        let start = |part: Part| part.start(config, data, &shared);
        let (auth, blog, content, page, analytics, storage) = tokio::try_join!(
            start(Part::Auth),
            start(Part::Blog),
            start(Part::Content),
            start(Part::Page),
            start(Part::Analytics),
            start(Part::Storage),
        )?;
        let join = |service: Service| {
            shared.peers.register(service.name, service.router.clone());
            service.router
        };
        let services = Services {
            auth: join(auth),
            blog: join(blog),
            content: join(content),
            page: join(page),
            analytics: join(analytics),
            storage: join(storage),
            token,
        };
        Ok(Self { shared, services })
    }

    /// Lets events travel.
    pub fn open(&self) {
        self.shared.bus.open();
    }

    /// Ends background work, waiting for what is under way.
    pub async fn stop(self) {
        self.shared.finish().await;
    }
}
