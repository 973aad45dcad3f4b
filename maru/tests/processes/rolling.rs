//! Every part of a site is replaced in turn while visitors ask, write and watch: none is refused.
//!
//! `MARU_ROLLING_ROUNDS` says how often (once by default), `MARU_ROLLING_REPORT` where the figures go. See
//! `cargo xtask prove rolling`.

use std::{
    collections::BTreeMap,
    env, fs,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Instant,
};

use contracts::blog::{Post, PostStatus};
use kit::testing::rabbitmq;
use serde_json::json;
use tokio::task::JoinHandle;

use crate::{
    bundles::TestBundle,
    load::Load,
    site::{Process, SERVICES, Site},
};

/// A browser that watches the site's numbers: when its stream ends it asks for another.
struct Watcher {
    stop: Arc<AtomicBool>,
    streams: Arc<AtomicU64>,
    refused: JoinHandle<Vec<String>>,
}

impl Watcher {
    fn start(url: String, token: String) -> Self {
        let (stop, streams) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (stopped, opened) = (stop.clone(), streams.clone());
        let refused = tokio::spawn(async move {
            let client = reqwest::Client::new();
            let mut refused = Vec::new();
            while !stopped.load(Ordering::Relaxed) {
                match client.get(&url).bearer_auth(&token).send().await.and_then(reqwest::Response::error_for_status) {
                    Ok(mut stream) => {
                        opened.fetch_add(1, Ordering::Relaxed);
                        while !stopped.load(Ordering::Relaxed) && matches!(stream.chunk().await, Ok(Some(_))) {}
                    }
                    Err(error) => refused.push(format!("stream: {error:?}")),
                }
            }
            refused
        });
        Self { stop, streams, refused }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_refused_while_each_part_is_replaced_in_turn() {
    let rounds: u64 = env::var("MARU_ROLLING_ROUNDS").map_or(1, |rounds| rounds.parse().unwrap());
    let broker = rabbitmq::own();
    let site = Site::holding_sockets();
    let configuration = site.configuration(Some(&broker.url));
    let modules = site.folder.path().join("modules");
    TestBundle::shell().write(&modules);
    TestBundle::good().write(&modules);
    let start = async |part: &'static str| -> Process {
        let mut command = site.command(part, &configuration);
        if part == "bff" {
            // One address stands for many visitors.
            command.arg("--modules").arg(&modules).env("MARU_LIMITS__ENABLED", "false");
        }
        let process = site.start_inheriting(part, &command).await;
        site.ready(part, if part == "bff" { "/_ready" } else { "/ready" }).await;
        process
    };
    let mut running = BTreeMap::new();
    for part in SERVICES.into_iter().chain(["bff"]) {
        running.insert(part, start(part).await);
    }
    let bff = site.url("bff");
    let token = site.admin().await.access_token;
    let post = json!({"title": "Rolling", "content": "Text", "status": PostStatus::Public});
    let post = site.client.post(format!("{bff}/api/posts")).bearer_auth(&token).json(&post);
    let post: Post = post.send().await.unwrap().error_for_status().unwrap().json().await.unwrap();
    let (slug, id) = (&post.summary.slug, &post.summary.id);

    let asked = [format!("/good/post/{slug}"), format!("/api/posts/{slug}"), format!("/api/comments/post/{id}")];
    let asked = asked.into_iter().chain(["/api/pages".to_owned(), "/_m/modules.json".to_owned()]);
    let mut load = Load::start(&asked.map(|path| format!("{bff}{path}")).collect::<Vec<_>>());
    let (client, like, bearer) =
        (site.client.clone(), format!("{bff}/api/likes/{id}/toggle?liked=true"), token.clone());
    load.send(move || client.post(&like).bearer_auth(&bearer), "a like".to_owned());
    let watchers: Vec<Watcher> =
        (0..4).map(|_| Watcher::start(format!("{bff}/api/analytics/realtime"), token.clone())).collect();
    load.answers(20).await;

    let begun = Instant::now();
    let mut longest = BTreeMap::new();
    for _ in 0..rounds {
        for part in SERVICES.into_iter().chain(["bff"]) {
            let gap = Instant::now();
            if part == "bff" {
                // Its data folder is for one at a time: meanwhile requests wait in the socket.
                running.remove(part).unwrap().end().await;
                running.insert(part, start(part).await);
            } else {
                // Calls of a service wait only so long: the new one stands beside the old one before that ends.
                let old = running.insert(part, start(part).await);
                old.unwrap().end().await;
            }
            let gap = u64::try_from(gap.elapsed().as_millis()).unwrap();
            let longest = longest.entry(part).or_insert(0);
            *longest = gap.max(*longest);
            load.answers(20).await;
        }
    }
    let seconds = begun.elapsed().as_secs();
    let outcome = load.stop().await;
    for watcher in &watchers {
        watcher.stop.store(true, Ordering::Relaxed);
    }
    // Ends the streams.
    for (_, process) in running {
        process.end().await;
    }
    let (mut streams, mut failed) = (0, outcome.failed);
    for watcher in watchers {
        streams += watcher.streams.load(Ordering::Relaxed);
        failed.extend(watcher.refused.await.unwrap());
    }
    if let Ok(report) = env::var("MARU_ROLLING_REPORT") {
        let figures = json!({
            "rounds": rounds, "seconds": seconds, "answered": outcome.answered, "failed": failed.len(),
            "streams": streams, "slowest_ms": u64::try_from(outcome.slowest.as_millis()).unwrap(),
            "replaced_ms": longest,
        });
        fs::write(report, figures.to_string()).unwrap();
    }
    assert!(failed.is_empty(), "{} of {}: {failed:#?}", failed.len(), outcome.answered);
    assert!(streams > 4, "the streams were opened again: {streams}");
}
