//! Configuration: `maru.toml`, then `MARU_*` from the environment, then flags. Later ones win.
//!
//! `docs/configuration.md` lists every key; a test compares it with the structs here.

mod analytics;
mod keys;
#[cfg(test)]
mod page_tests;
mod storage;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use figment::{
    Figment,
    providers::{Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};
use url::Url;

use self::keys::in_words;
use crate::{
    accounts::{Accounts, Client, Mail, SignIn},
    front,
    operation::{Lifecycle, Reconciliation, Telemetry},
    parts::{Network, S3},
    upstreams::UpstreamConfig,
};

pub(crate) use self::keys::refused;

pub use self::analytics::{Analytics, GoogleAnalytics};
pub use self::storage::Storage;

/// Everything that can be configured.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Folder of databases, images, modules and secrets.
    pub data: PathBuf,
    /// Where visitors are answered.
    pub listen: SocketAddr,
    /// Where `maru publish` and its kin are answered. Port 0 picks a free one.
    pub operator_listen: SocketAddr,
    /// The site's address as browsers see it. By default `http://localhost:<port>`.
    pub public_url: Option<String>,
    /// Folder of built modules that are taken in at start. By default `modules` beside the program.
    pub modules: Option<PathBuf>,
    /// What the site is.
    pub site: Site,
    /// Databases, when they are not SQLite files in `data`.
    pub database: Databases,
    /// What is kept for guests.
    pub cache: Caching,
    /// How services in processes of their own find each other.
    pub services: Network,
    /// How views are counted.
    pub analytics: Analytics,
    /// How much images may take.
    pub storage: Storage,
    /// Other addresses and versions of services, by the name of the service.
    pub upstreams: BTreeMap<String, UpstreamConfig>,
    /// A bucket for images and backups, instead of folders in `data`.
    pub s3: Option<S3>,
    /// What is noted of accounts.
    pub accounts: Accounts,
    /// How mails leave.
    pub mail: Mail,
    /// Where else people sign in.
    pub sign_in: Vec<SignIn>,
    /// Who else gets access tokens.
    pub client: Vec<Client>,
    /// What stands between this program and its visitors.
    pub network: front::Network,
    /// How much is answered, and to whom.
    pub limits: front::Limits,
    /// Which other sites' scripts may use the API.
    pub cors: front::Cors,
    /// HTTPS, when nothing in front speaks it.
    pub tls: Option<front::Tls>,
    /// What is told.
    pub log: Log,
    /// Where traces go.
    pub telemetry: Telemetry,
    /// How the process ends.
    pub lifecycle: Lifecycle,
    /// When what events maintain is counted anew.
    pub reconciliation: Reconciliation,
}

/// `[site]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Site {
    /// Name in the header and in titles.
    pub name: String,
}

/// `[database]`: URLs `sqlite://path?mode=rwc` or `postgres://…`, one for each service.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Databases {
    /// Views, numbers, bug reports.
    pub analytics: Option<String>,
    /// Accounts.
    pub auth: Option<String>,
    /// Sessions, and which modules are live.
    pub bff: Option<String>,
    /// Posts, categories, tags.
    pub blog: Option<String>,
    /// Comments, likes, bookmarks.
    pub content: Option<String>,
    /// Static pages and notices.
    pub page: Option<String>,
    /// Images.
    pub storage: Option<String>,
}

/// `[cache]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Caching {
    /// Megabytes that pages kept for all guests may take; 0 keeps none.
    pub pages_megabytes: u32,
}

/// `[log]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// A level, or directives as in `info,blog=debug`.
    pub level: String,
    /// For people or for machines.
    pub format: LogFormat,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Text at a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// Text.
    Text,
    /// One JSON object a line.
    Json,
}

/// The default level of each part: dependencies speak only when something is wrong.
const LOG_LEVEL: &str = "info,sqlx=warn,sea_orm=warn,sea_orm_migration=warn,wasmtime=warn,cranelift=warn,hyper=warn,h2=warn,tower_http=info";

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("data"),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            operator_listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            public_url: None,
            modules: None,
            site: Site::default(),
            database: Databases::default(),
            cache: Caching::default(),
            services: Network::default(),
            analytics: Analytics::default(),
            storage: Storage::default(),
            upstreams: BTreeMap::new(),
            s3: None,
            accounts: Accounts::default(),
            mail: Mail::default(),
            sign_in: Vec::new(),
            client: Vec::new(),
            network: front::Network::default(),
            limits: front::Limits::default(),
            cors: front::Cors::default(),
            tls: None,
            log: Log::default(),
            telemetry: Telemetry::default(),
            lifecycle: Lifecycle::default(),
            reconciliation: Reconciliation::default(),
        }
    }
}

impl Default for Site {
    fn default() -> Self {
        Self { name: "Maru".to_owned() }
    }
}

impl Default for Caching {
    fn default() -> Self {
        Self { pages_megabytes: 32 }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { level: LOG_LEVEL.to_owned(), format: LogFormat::Auto }
    }
}

impl Config {
    /// Reads `file` (by default `maru.toml` in the working folder, when there is one), the
    /// environment and `flags`, and checks the result.
    ///
    /// # Errors
    /// Names the key whose value is refused, and what is allowed.
    pub fn load(file: Option<&Path>, flags: impl Serialize) -> Result<Self> {
        let mut figment = Figment::new();
        match file {
            Some(file) if !file.is_file() => bail!("there is no configuration file {}", file.display()),
            Some(file) => figment = figment.merge(Toml::file_exact(file)),
            None if Path::new("maru.toml").is_file() => figment = figment.merge(Toml::file_exact("maru.toml")),
            None => {}
        }
        let config: Self =
            figment.merge(keys::environment()).merge(Serialized::defaults(flags)).extract().map_err(in_words)?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<()> {
        let name = self.site.name.trim();
        if name.is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) {
            bail!(refused("site.name", &self.site.name));
        }
        if let Some(text) = &self.public_url {
            let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
            if !url.is_some_and(|url| url.path() == "/" && url.query().is_none() && url.username().is_empty()) {
                bail!(refused("public_url", text));
            }
        }
        self.network.settings()?;
        self.limits.check()?;
        self.cors.settings()?;
        self.analytics.check()?;
        self.accounts.check()?;
        for (service, upstream) in &self.upstreams {
            upstream.check(service)?;
        }
        self.reconciliation.time()?;
        self.telemetry.check()?;
        let Databases { analytics, auth, bff, blog, content, page, storage } = &self.database;
        let databases = [
            ("analytics", analytics),
            ("auth", auth),
            ("bff", bff),
            ("blog", blog),
            ("content", content),
            ("page", page),
            ("storage", storage),
        ];
        for (service, url) in databases {
            let known =
                |url: &String| ["sqlite://", "postgres://", "postgresql://"].iter().any(|kind| url.starts_with(kind));
            if url.as_ref().is_some_and(|url| !known(url)) {
                // Not the value: it may hold a password.
                bail!(refused(&format!("database.{service}"), "…"));
            }
        }
        Ok(())
    }

    /// The site's address; `port` is the one that visitors are answered on.
    ///
    /// # Errors
    /// When `public_url` is not an address; [`Config::load`] has checked that.
    pub fn address(&self, port: u16) -> Result<Url> {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let default = || format!("{scheme}://localhost:{port}");
        Url::parse(&self.public_url.clone().unwrap_or_else(default)).context("public_url")
    }

    /// Where built modules are taken from at start, if anywhere.
    pub fn modules_folder(&self) -> Option<PathBuf> {
        let beside = || Some(std::env::current_exe().ok()?.parent()?.join("modules"));
        self.modules.clone().or_else(|| beside().filter(|folder| folder.is_dir()))
    }

    /// URL of a service's database.
    pub fn database_url(&self, service: &str) -> String {
        let own = match service {
            "analytics" => &self.database.analytics,
            "auth" => &self.database.auth,
            "blog" => &self.database.blog,
            "content" => &self.database.content,
            "page" => &self.database.page,
            "storage" => &self.database.storage,
            _ => &None,
        };
        let file = || format!("sqlite://{}?mode=rwc", self.data.join(format!("{service}.db")).display());
        own.clone().unwrap_or_else(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(toml: &str) -> Result<Config> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("maru.toml");
        std::fs::write(&file, toml).unwrap();
        Config::load(Some(&file), serde_json::json!({}))
    }

    #[test]
    fn the_default_answers_at_localhost_8080() {
        let config = load("").unwrap();
        assert_eq!(config.address(config.listen.port()).unwrap().as_str(), "http://localhost:8080/");
        assert_eq!(config.database_url("blog"), "sqlite://data/blog.db?mode=rwc");
    }

    #[test]
    fn a_bad_value_names_its_key_and_what_is_allowed() {
        for (toml, key, allowed) in [
            ("listen = \"localhost\"", "listen", "127.0.0.1:8080"),
            ("public_url = \"ftp://x\"", "public_url", "https://blog.example"),
            ("public_url = \"nonsense\"", "public_url", "https://blog.example"),
            ("[site]\nname = \"\"", "site.name", "1 to 60 characters"),
            ("[site]\nname = 3", "site.name", "1 to 60 characters"),
            ("[database]\nblog = \"mysql://x\"", "database.blog", "postgres://"),
            ("[upstreams.blog]\ndeadline_ms = 0", "upstreams.blog.deadline_ms", "100 to 60000"),
            ("[upstreams.blog]\nweight = 0", "upstreams.blog.weight", "above 0"),
            ("[upstreams.shop]\nweight = 1", "upstreams.shop", "storage"),
            ("[[upstreams.blog.targets]]\nname = \"n\"\naddresses = []", "addresses", "at least one"),
            ("[[upstreams.blog.targets]]\nname = \"n\"\naddresses = [\"x\"]", "addresses", "http://host:port"),
            ("[upstreams.blog]\nmirror = { to = \"new\", percent = 5 }", "upstreams.blog.mirror.to", "main"),
            ("[cache]\npages_megabytes = -1", "cache.pages_megabytes", "a number of megabytes"),
            ("[log]\nformat = \"xml\"", "log.format", "auto, text or json"),
            ("[network]\ntrusted_proxies = [\"proxy.example\"]", "network.trusted_proxies", "10.0.0.0/8"),
            ("[network]\ncountry_header = \"my country\"", "network.country_header", "cf-ipcountry"),
            ("[analytics]\nutc_offset_minutes = 900", "analytics.utc_offset_minutes", "from -840 to 840"),
            ("[analytics]\nretention_days = 7", "analytics.retention_days", "31 or more"),
            ("[storage]\nauthor_quota_mib = -1", "storage.author_quota_mib", "0 for no limit"),
            ("[accounts]\naudit_days = 0", "accounts.audit_days", "1 or more"),
            ("[telemetry]\notlp_endpoint = \"localhost\"", "telemetry.otlp_endpoint", "http://localhost:4318"),
            ("[reconciliation]\nat = \"25:00\"", "reconciliation.at", "03:30"),
            ("[telemetry]\nsample_ratio = 1.5", "telemetry.sample_ratio", "from 0 to 1"),
        ] {
            let message = load(toml).unwrap_err().to_string();
            assert!(message.contains(key) && message.contains(allowed), "{toml}: {message}");
        }
        let message = load("[site]\ntitle = \"x\"").unwrap_err().to_string();
        assert!(message.contains("title"), "{message}");
    }

    #[test]
    fn a_database_password_is_not_told() {
        let message = load("[database]\nblog = \"mysql://me:hunter2@host\"").unwrap_err().to_string();
        assert!(!message.contains("hunter2"), "{message}");
    }

    #[test]
    fn flags_win() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("maru.toml");
        std::fs::write(&file, "listen = \"127.0.0.1:1\"\n[site]\nname = \"한옥\"").unwrap();
        let config = Config::load(Some(&file), serde_json::json!({"listen": "127.0.0.1:2"})).unwrap();
        assert_eq!((config.listen.port(), config.site.name.as_str()), (2, "한옥"));
    }
}
