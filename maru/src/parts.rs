//! Each service with the settings that the configuration gives it, whether it runs among the others or alone.

use std::{collections::BTreeMap, fs, path::PathBuf};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use kit::{Secret, Service, Shared, serve::SharedSettings};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{accounts, config::Config, data_dir::DataDir};

/// A service that can run in a process of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Accounts, sessions, tokens
    Auth,
    /// Posts, categories, tags, search
    Blog,
    /// Comments, likes, bookmarks
    Content,
    /// Static pages and notices
    Page,
    /// Views, numbers, bug reports
    Analytics,
    /// Images, backups
    Storage,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Auth, Self::Blog, Self::Content, Self::Page, Self::Analytics, Self::Storage];

    /// As databases, peers and metrics name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Blog => "blog",
            Self::Content => "content",
            Self::Page => "page",
            Self::Analytics => "analytics",
            Self::Storage => "storage",
        }
    }

    /// Where it listens when nothing else is said.
    pub fn port(self) -> u16 {
        match self {
            Self::Auth => 3001,
            Self::Blog => 3002,
            Self::Content => 3003,
            Self::Page => 3004,
            Self::Analytics => 3005,
            Self::Storage => 3006,
        }
    }

    /// Starts it.
    ///
    /// # Errors
    /// When its settings or what it stands on cannot be used.
    pub async fn start(self, config: &Config, data: &DataDir, shared: &Shared) -> Result<Service> {
        let database_url = config.database_url(self.name());
        let started = match self {
            Self::Auth => auth::start(accounts::settings(config, data)?, shared).await,
            Self::Blog => {
                let (search_dir, site_name) = (Some(data.search()), Some(config.site.name.clone()));
                blog::start(blog::Settings { database_url, search_dir, site_name }, shared).await
            }
            Self::Content => {
                let address_secret = data.address_secret()?;
                content::start(content::Settings { database_url, address_secret }, shared).await
            }
            Self::Page => page::start(page::Settings { database_url }, shared).await,
            Self::Analytics => analytics::start(config.analytics.settings(database_url)?, shared).await,
            Self::Storage => {
                let place = |prefix: &str, folder: PathBuf| match &config.s3 {
                    Some(s3) => s3.place(prefix),
                    None => Ok(storage::Place::Folder(folder)),
                };
                let (images, backups) = (place("images", data.images())?, place("backups", data.backups())?);
                storage::start(config.storage.settings(database_url, images, backups), shared).await
            }
        };
        started.context("a service could not start")
    }
}

/// `[s3]`: a bucket for images and backups, instead of folders in the data folder.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3 {
    /// `https://…`; the bucket is named in the path.
    pub endpoint: String,
    /// As the provider calls it.
    #[serde(default = "default_region")]
    pub region: String,
    /// A bucket that exists.
    pub bucket: String,
    /// Who asks.
    pub access_key: String,
    /// File that holds how they prove it.
    pub secret_key_file: PathBuf,
}

fn default_region() -> String {
    "us-east-1".to_owned()
}

impl S3 {
    fn place(&self, prefix: &str) -> Result<storage::Place> {
        Ok(storage::Place::S3(storage::S3 {
            endpoint: self.endpoint.clone(),
            region: self.region.clone(),
            bucket: self.bucket.clone(),
            prefix: prefix.to_owned(),
            access_key: self.access_key.clone(),
            secret_key: secret_in(&self.secret_key_file, "s3.secret_key_file")?,
        }))
    }
}

/// `[services]`: how services in processes of their own find each other.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Network {
    /// `amqp://…` or `amqps://…`: the RabbitMQ that carries events. May hold a password.
    pub bus: Option<String>,
    /// `redis://…` or `rediss://…`: what is kept for a while. May hold a password.
    pub cache: Option<String>,
    /// File with the token that services show each other, the same for all; by default the data folder's own.
    pub token_file: Option<PathBuf>,
    /// Base URL of each service: `auth = "http://10.0.0.1:3001"`.
    pub urls: BTreeMap<String, String>,
}

// By hand: the URLs may hold passwords.
impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Network")
            .field("token_file", &self.token_file)
            .field("urls", &self.urls)
            .finish_non_exhaustive()
    }
}

impl Network {
    /// What joins `part`, alone in its process, to the others.
    ///
    /// # Errors
    /// Names the key that is missing or makes no sense.
    pub fn shared(&self, part: Part, public_url: &Url, data: &DataDir) -> Result<SharedSettings> {
        let secret = |text: &Option<String>| text.clone().map(Secret::new);
        let jwks_url = match part {
            Part::Auth => None,
            _ => Some(format!("{}/.well-known/jwks.json", self.url_of(Part::Auth)?.trim_end_matches('/'))),
        };
        Ok(SharedSettings {
            public_url: public_url.as_str().trim_end_matches('/').to_owned(),
            service_token: self.token(data)?,
            bus_url: secret(&self.bus),
            cache_url: secret(&self.cache),
            jwks_url,
            peers: self.urls.iter().map(|(name, url)| (name.clone(), url.clone())).collect(),
        })
    }

    /// The token that services show each other.
    ///
    /// # Errors
    /// When it can be neither read nor made.
    pub fn token(&self, data: &DataDir) -> Result<Secret> {
        match &self.token_file {
            Some(file) => secret_in(file, "services.token_file"),
            None => data.service_token(),
        }
    }

    /// Where a service answers.
    ///
    /// # Errors
    /// When the configuration does not say.
    pub fn url_of(&self, part: Part) -> Result<&str> {
        let name = part.name();
        match self.urls.get(name) {
            Some(url) => Ok(url),
            None => bail!("services.urls.{name} is missing: say where the {name} service answers, http://host:port"),
        }
    }
}

pub(crate) fn secret_in(file: &std::path::Path, key: &str) -> Result<Secret> {
    let text = fs::read_to_string(file).with_context(|| format!("{key}: {} cannot be read", file.display()))?;
    if text.trim().is_empty() {
        bail!("{key}: {} is empty", file.display());
    }
    Ok(Secret::new(text.trim()))
}
