//! Visitors who never stop asking, and who say when they are refused.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use kit::testing::eventually;
use tokio::task::JoinSet;

/// Longer than anything may take.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Default)]
struct Tally {
    answered: AtomicU64,
    slowest_ms: AtomicU64,
    failed: Mutex<Vec<String>>,
    enough: AtomicBool,
}

/// Visitors, until [`Load::stop`].
pub(crate) struct Load {
    tally: Arc<Tally>,
    visitors: JoinSet<()>,
}

/// What became of their requests.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) answered: u64,
    pub(crate) slowest: Duration,
    pub(crate) failed: Vec<String>,
}

impl Load {
    /// Two visitors for each URL: one keeps its connection, one makes a new one each time.
    pub(crate) fn start(urls: &[String]) -> Self {
        let mut load = Self { tally: Arc::default(), visitors: JoinSet::new() };
        for url in urls {
            for idle in [8, 0] {
                let client = reqwest::Client::builder().pool_max_idle_per_host(idle).timeout(PATIENCE).build().unwrap();
                let asked = url.clone();
                load.send(move || client.get(&asked), url.clone());
            }
        }
        load
    }

    /// A visitor who sends what `request` makes.
    pub(crate) fn send(&mut self, request: impl Fn() -> reqwest::RequestBuilder + Send + 'static, name: String) {
        let tally = self.tally.clone();
        self.visitors.spawn(async move {
            while !tally.enough.load(Ordering::Relaxed) {
                let begun = Instant::now();
                let fault = match request().send().await {
                    Err(error) => Some(format!("{name}: {error:?}")),
                    Ok(answer) if !answer.status().is_success() => Some(format!("{name}: {}", answer.status())),
                    Ok(answer) => answer.bytes().await.err().map(|error| format!("{name}: {error:?}")),
                };
                let took = u64::try_from(begun.elapsed().as_millis()).unwrap();
                tally.slowest_ms.fetch_max(took, Ordering::Relaxed);
                match fault {
                    Some(fault) => tally.failed.lock().unwrap().push(fault),
                    None => drop(tally.answered.fetch_add(1, Ordering::Relaxed)),
                }
            }
        });
    }

    /// Waits until so many more were answered.
    pub(crate) async fn answers(&self, more: u64) {
        let wanted = self.tally.answered.load(Ordering::Relaxed) + more;
        eventually("answers", async || (self.tally.answered.load(Ordering::Relaxed) >= wanted).then_some(())).await;
    }

    pub(crate) async fn stop(mut self) -> Outcome {
        self.tally.enough.store(true, Ordering::Relaxed);
        while self.visitors.join_next().await.is_some() {}
        Outcome {
            answered: self.tally.answered.load(Ordering::Relaxed),
            slowest: Duration::from_millis(self.tally.slowest_ms.load(Ordering::Relaxed)),
            failed: std::mem::take(&mut self.tally.failed.lock().unwrap()),
        }
    }
}
