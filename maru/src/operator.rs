//! Calls to the operator listener of a running Maru.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, anyhow, bail};
use contracts::problem::Problem;
use kit::Secret;
use reqwest::{Client, Method, RequestBuilder};
use serde::{Deserialize, de::DeserializeOwned};
use url::Url;

use crate::{data_dir::DataDir, services::in_words};

/// A running Maru's private side.
pub(crate) struct Operator {
    client: Client,
    base: Url,
    token: Secret,
}

/// Answer of a call that changed what is live.
#[derive(Debug, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) name: String,
    pub(crate) version: String,
    /// False when it was so already.
    pub(crate) changed: bool,
}

/// A version in the list.
#[derive(Debug, Deserialize)]
pub(crate) struct ModuleVersion {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) live: bool,
    pub(crate) published_at: String,
    pub(crate) renders: u64,
    pub(crate) failures: u64,
}

/// A service behind the running Maru.
#[derive(Debug, Deserialize)]
pub(crate) struct UpstreamRow {
    pub(crate) name: String,
    pub(crate) targets: Vec<TargetRow>,
    pub(crate) mirror: Option<MirrorRow>,
}

/// A version of a service.
#[derive(Debug, Deserialize)]
pub(crate) struct TargetRow {
    pub(crate) name: String,
    pub(crate) weight: u32,
    pub(crate) addresses: Vec<AddressRow>,
}

/// An address of a version.
#[derive(Debug, Deserialize)]
pub(crate) struct AddressRow {
    pub(crate) address: String,
    /// `closed`, `half_open` or `open`.
    pub(crate) breaker: String,
    pub(crate) under_way: usize,
}

/// Who is asked as well.
#[derive(Debug, Deserialize)]
pub(crate) struct MirrorRow {
    pub(crate) target: String,
    pub(crate) percent: u8,
}

/// What mirroring found.
#[derive(Debug, Deserialize)]
pub(crate) struct MirrorReport {
    pub(crate) compared: u64,
    pub(crate) equal: u64,
    pub(crate) status_differs: u64,
    pub(crate) body_differs: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
    pub(crate) samples: Vec<MirrorSample>,
}

/// Two answers that differed.
#[derive(Debug, Deserialize)]
pub(crate) struct MirrorSample {
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) bytes: usize,
    pub(crate) mirror_status: u16,
    pub(crate) mirror_bytes: usize,
}

impl Operator {
    /// The Maru that serves `data`.
    pub(crate) fn of_data(data: &Path) -> Result<Self> {
        let file = data.join("run").join("operator.addr");
        let address = fs::read_to_string(&file).map_err(|_| {
            anyhow!(
                "no maru serves {} (there is no {}); start it with `maru serve`, or name another folder with --data",
                data.display(),
                file.display()
            )
        })?;
        let base = Url::parse(&format!("http://{}", address.trim()))
            .with_context(|| format!("{} is damaged", file.display()))?;
        Self::at(base, DataDir::open(data)?.operator_token()?)
    }

    /// The Maru whose operator listener is at `base`.
    pub(crate) fn at(base: Url, token: Secret) -> Result<Self> {
        Ok(Self { client: Client::builder().no_proxy().build()?, base, token })
    }

    pub(crate) async fn modules(&self) -> Result<Vec<ModuleVersion>> {
        self.send(self.request(Method::GET, &["modules"])?).await
    }

    pub(crate) async fn publish(&self, archive: Vec<u8>) -> Result<Outcome> {
        self.send(self.request(Method::POST, &["modules"])?.header("content-type", "application/gzip").body(archive))
            .await
    }

    pub(crate) async fn release(&self, name: &str, version: &str) -> Result<Outcome> {
        let body = serde_json::json!({ "version": version });
        self.send(self.request(Method::POST, &["modules", name, "release"])?.json(&body)).await
    }

    pub(crate) async fn rollback(&self, name: &str) -> Result<Outcome> {
        self.send(self.request(Method::POST, &["modules", name, "rollback"])?).await
    }

    pub(crate) async fn upstreams(&self) -> Result<Vec<UpstreamRow>> {
        self.send(self.request(Method::GET, &["upstreams"])?).await
    }

    pub(crate) async fn weigh(&self, service: &str, weights: &BTreeMap<String, u32>) -> Result<UpstreamRow> {
        let body = serde_json::json!({ "weights": weights });
        self.send(self.request(Method::PUT, &["upstreams", service, "weights"])?.json(&body)).await
    }

    pub(crate) async fn mirror(&self, service: &str, target: &str, percent: u8) -> Result<UpstreamRow> {
        let body = serde_json::json!({ "target": target, "percent": percent });
        self.send(self.request(Method::PUT, &["upstreams", service, "mirror"])?.json(&body)).await
    }

    pub(crate) async fn mirror_report(&self, service: &str) -> Result<MirrorReport> {
        self.send(self.request(Method::GET, &["upstreams", service, "mirror"])?).await
    }

    fn request(&self, method: Method, segments: &[&str]) -> Result<RequestBuilder> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| anyhow!("{} is not an address", self.base))?
            .pop_if_empty()
            .extend(segments);
        Ok(self.client.request(method, url).bearer_auth(self.token.expose()))
    }

    async fn send<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T> {
        let answer = request.send().await.map_err(|error| {
            if error.is_connect() {
                anyhow!("no maru answers at {}; start it with `maru serve`", self.base)
            } else {
                anyhow::Error::new(error.without_url()).context(format!("the call to {} did not succeed", self.base))
            }
        })?;
        let status = answer.status();
        let body = answer.bytes().await.context("the answer was cut off")?;
        if status.is_success() {
            return serde_json::from_slice(&body)
                .context("the answer makes no sense; are this program and the running one of the same version?");
        }
        match serde_json::from_slice::<Problem>(&body) {
            Ok(problem) => bail!("refused ({status}): {}", in_words(&problem)),
            Err(_) => bail!("the answer was {status}"),
        }
    }
}
