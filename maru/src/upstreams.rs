//! `[upstreams.NAME]`: other addresses and versions of a service, and what holds for calls to it.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use backend_bff::{Limits, Upstream};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::parts::Part;

/// What the BFF knows of a service beside where it answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UpstreamConfig {
    /// What the service at `services.urls` (or in this process) is called among its versions.
    pub name: String,
    /// Its share of the visitors, against the weights of `targets`.
    pub weight: u32,
    /// More addresses where it answers as well.
    pub addresses: Vec<String>,
    /// Other versions of it.
    pub targets: Vec<TargetConfig>,
    /// A version that a share of the reading calls is sent to as well, and compared.
    pub mirror: Option<MirrorConfig>,
    /// How long an answer to a reading call may take, in milliseconds.
    pub deadline_ms: u64,
    /// The same for calls that change something.
    pub write_deadline_ms: u64,
    /// Calls under way at once to one address.
    pub concurrency: usize,
}

/// `[[upstreams.NAME.targets]]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetConfig {
    /// As answers and commands name it.
    pub name: String,
    /// Where it answers.
    pub addresses: Vec<String>,
    /// Its share of the visitors; by default nobody gets it.
    #[serde(default)]
    pub weight: u32,
}

/// `mirror = { to = "new", percent = 5 }`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MirrorConfig {
    /// Which version.
    pub to: String,
    /// Of the reading calls.
    pub percent: u8,
}

impl Default for UpstreamConfig {
    fn default() -> Self {
        let limits = Limits::default();
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self {
            name: "main".to_owned(),
            weight: 100,
            addresses: Vec::new(),
            targets: Vec::new(),
            mirror: None,
            deadline_ms: millis(limits.deadline),
            write_deadline_ms: millis(limits.write_deadline),
            concurrency: limits.concurrency,
        }
    }
}

impl UpstreamConfig {
    /// Whether it makes sense for the service of that name.
    ///
    /// # Errors
    /// Names the key whose value is refused, and what is allowed.
    pub(crate) fn check(&self, service: &str) -> Result<()> {
        let names = Part::ALL.map(Part::name);
        if !names.contains(&service) {
            bail!("upstreams.{service} is refused; services are {}", names.join(", "));
        }
        let key = |name: &str| format!("upstreams.{service}.{name}");
        for (name, millis) in [("deadline_ms", self.deadline_ms), ("write_deadline_ms", self.write_deadline_ms)] {
            if !(100..=60_000).contains(&millis) {
                bail!("{} = {millis} is refused; allowed is 100 to 60000", key(name));
            }
        }
        if !(1..=100_000).contains(&self.concurrency) {
            bail!("{} = {} is refused; allowed is 1 to 100000", key("concurrency"), self.concurrency);
        }
        if self.weight == 0 && self.targets.iter().all(|target| target.weight == 0) {
            bail!("{} = 0 is refused; allowed is a weight above 0 for at least one version", key("weight"));
        }
        self.check_targets(&key)
    }

    fn check_targets(&self, key: &impl Fn(&str) -> String) -> Result<()> {
        let mut names = vec![self.name.as_str()];
        for target in &self.targets {
            if names.contains(&target.name.as_str()) || target.name.is_empty() {
                bail!(
                    "{} = {:?} is refused; allowed is a name that no other version has",
                    key("targets.name"),
                    target.name
                );
            }
            names.push(&target.name);
            if target.addresses.is_empty() {
                bail!(
                    "{} is refused for {:?}; allowed is at least one http://host:port",
                    key("targets.addresses"),
                    target.name
                );
            }
            urls(&target.addresses, &key("targets.addresses"))?;
        }
        urls(&self.addresses, &key("addresses"))?;
        match &self.mirror {
            Some(mirror) if !names.contains(&mirror.to.as_str()) => {
                bail!("{} = {:?} is refused; versions are {}", key("mirror.to"), mirror.to, names.join(", "))
            }
            Some(mirror) if mirror.percent > 100 => {
                bail!("{} = {} is refused; allowed is 0 to 100", key("mirror.percent"), mirror.percent)
            }
            _ => Ok(()),
        }
    }

    /// The service with its other versions, behind the BFF.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub(crate) fn around(&self, upstream: Upstream) -> Result<Upstream> {
        let limits = Limits {
            deadline: Duration::from_millis(self.deadline_ms),
            write_deadline: Duration::from_millis(self.write_deadline_ms),
            concurrency: self.concurrency,
            ..Limits::default()
        };
        let mut upstream = upstream.called(&self.name, self.weight).limited(limits);
        for target in &self.targets {
            upstream = upstream.beside(&target.name, target.weight, &urls(&target.addresses, "targets.addresses")?)?;
        }
        if let Some(MirrorConfig { to, percent }) = &self.mirror {
            upstream = upstream.mirrored(to, *percent);
        }
        Ok(upstream)
    }

    /// The service at `main` and at its other addresses.
    ///
    /// # Errors
    /// When one of them is no URL, or no HTTP client can be made.
    pub(crate) fn over_http(&self, main: Url) -> Result<Upstream> {
        let mut addresses = vec![main];
        addresses.extend(urls(&self.addresses, "addresses")?);
        self.around(Upstream::balanced(&addresses)?)
    }
}

fn urls(texts: &[String], key: &str) -> Result<Vec<Url>> {
    let url = |text: &String| {
        let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        url.with_context(|| format!("{key} = {text:?} is refused; allowed is http://host:port"))
    };
    texts.iter().map(url).collect()
}
