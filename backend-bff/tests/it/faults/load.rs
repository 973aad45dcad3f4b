//! Readers: a steady stream of visits to a mix of pages, each noted with what came of it.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::{sync::Semaphore, task::JoinHandle, time::interval};

use crate::site::Browser;

/// Visits under way at once, at most; who comes then is not counted.
const AT_ONCE: usize = 256;

/// A page and the services that it cannot do without.
pub(super) struct Page {
    pub(super) path: String,
    pub(super) needs: &'static [&'static str],
}

/// A visit that is over.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub(super) page: usize,
    pub(super) begun: Instant,
    pub(super) took: Duration,
    pub(super) status: u16,
    pub(super) missing: Vec<String>,
    pub(super) retry_after: bool,
}

/// Readers who come until this is dropped.
pub(super) struct Load {
    visits: Arc<Mutex<Vec<Visit>>>,
    task: JoinHandle<()>,
}

impl Load {
    pub(super) fn start(reader: Browser, pages: &[Page], every: Duration) -> Self {
        let visits = Arc::<Mutex<Vec<Visit>>>::default();
        let paths: Vec<String> = pages.iter().map(|page| page.path.clone()).collect();
        let (seen, places) = (visits.clone(), Arc::new(Semaphore::new(AT_ONCE)));
        let task = tokio::spawn(async move {
            let mut ticks = interval(every);
            for page in (0..paths.len()).cycle() {
                ticks.tick().await;
                let Ok(place) = places.clone().try_acquire_owned() else { continue };
                let (mut reader, path, seen) = (reader.clone(), paths[page].clone(), seen.clone());
                tokio::spawn(async move {
                    let visit = visit(&mut reader, page, &path).await;
                    seen.lock().expect("nobody panicked here").push(visit);
                    drop(place);
                });
            }
        });
        Self { visits, task }
    }

    /// The visits that began in that time and are over.
    pub(super) fn between(&self, from: Instant, to: Instant) -> Vec<Visit> {
        let visits = self.visits.lock().expect("nobody panicked here");
        visits.iter().filter(|visit| visit.begun >= from && visit.begun < to).cloned().collect()
    }

    /// What is over and no longer of interest.
    pub(super) fn forget(&self) {
        self.visits.lock().expect("nobody panicked here").clear();
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn visit(reader: &mut Browser, page: usize, path: &str) -> Visit {
    let begun = Instant::now();
    let reply = reader.get(path).await;
    let took = begun.elapsed();
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let missing = body["missing"].as_array().into_iter().flatten();
    Visit {
        page,
        begun,
        took,
        status: reply.status.as_u16(),
        missing: missing.filter_map(Value::as_str).map(str::to_owned).collect(),
        retry_after: reply.headers.contains_key("retry-after"),
    }
}
