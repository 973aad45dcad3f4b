//! How fast the sandbox is, measured where it runs.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use contracts::problem::Problem;

use super::{Limits, Reads, Sandbox};

/// What [`bench_render`] measured.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    /// A fresh store and instance, nothing called.
    pub instantiate: Duration,
    /// Renderings per second on one core, each in a fresh instance.
    pub renders_per_second: f64,
    /// Bytes of HTML of one rendering.
    pub html_bytes: usize,
}

struct Canned(HashMap<String, String>);

#[async_trait]
impl Reads for Canned {
    async fn get(&self, path: &str) -> Result<String, String> {
        match self.0.get(path) {
            Some(answer) => Ok(answer.clone()),
            None => Err(serde_json::to_string(&Problem::not_found("canned answer")).unwrap_or_default()),
        }
    }
}

/// Renders `request` `rounds` times with canned answers to its reads, on one thread.
pub async fn bench_render(
    component: &[u8],
    request: &str,
    answers: HashMap<String, String>,
    rounds: u32,
) -> anyhow::Result<Figures> {
    let cache = tempfile::tempdir()?;
    let sandbox = Sandbox::new(cache.path(), Limits::default(), None).map_err(|error| anyhow::anyhow!("{error:#}"))?;
    let guest = sandbox.compile("bench", "0.0.0", &[], component).map_err(|error| anyhow::anyhow!("{error:#}"))?;
    let reads: Arc<dyn Reads> = Arc::new(Canned(answers));

    let html_bytes = sandbox.render(&guest, reads.clone(), request).await?.html.len();
    let start = Instant::now();
    for _ in 0..rounds {
        let mut store = sandbox.store(&guest, reads.clone());
        guest.pre.instantiate_async(&mut store).await.map_err(|error| anyhow::anyhow!("{error:#}"))?;
    }
    let instantiate = start.elapsed() / rounds.max(1);

    let start = Instant::now();
    for _ in 0..rounds {
        sandbox.render(&guest, reads.clone(), request).await?;
    }
    let renders_per_second = f64::from(rounds) / start.elapsed().as_secs_f64();
    Ok(Figures { instantiate, renders_per_second, html_bytes })
}
