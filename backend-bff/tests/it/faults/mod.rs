//! Every service in turn fails in every way while readers come: pages that can do without it stay up, others
//! say so, and all is well again by itself.
//!
//! In short by default. `MARU_FAULTS_REPORT=FILE` runs the whole matrix and writes its figures there;
//! `cargo xtask prove faults` does that.

mod load;
mod proxy;

use std::{
    collections::BTreeMap,
    sync::Mutex,
    time::{Duration, Instant},
};

use axum::Router;
use backend_bff::Upstream;
use contracts::module::Role;
use http::{Request, header};
use kit::testing::eventually;
use serde::Serialize;
use serde_json::Value;
use tokio::{net::TcpListener, time::sleep};

use self::{
    load::{Load, Page, Visit},
    proxy::{Fault, Proxy},
};
use crate::{
    MEMORY,
    real::{Hall, png},
    site::{OPERATOR_TOKEN, Reply},
};

/// What became of one fault of one service. Times in milliseconds.
#[derive(Debug, Serialize)]
struct Case {
    service: &'static str,
    fault: Fault,
    /// From the beginning of the fault until the service was left alone.
    opened_after: Option<u64>,
    /// From its end until the service was asked as before.
    closed_after: Option<u64>,
    /// Visits to pages that can do without the service, before it was left alone and from then on.
    before: Figures,
    after: Figures,
    /// Visits to pages that cannot.
    refused: Figures,
    /// Answers that were not as they should be.
    wrong: u64,
    /// Calls a second to the service, against those in healthy times.
    load: f64,
}

#[derive(Debug, Serialize)]
struct Figures {
    visits: usize,
    p50: u64,
    p99: u64,
    most: u64,
}

#[derive(Debug, Serialize)]
struct Matrix {
    healthy: Figures,
    cases: Vec<Case>,
    /// Bytes in use and bytes resident after all faults of a service.
    memory: Vec<(&'static str, u64, u64)>,
    visits_per_second: u64,
    seconds: u64,
}

impl Figures {
    fn of<'a>(visits: impl Iterator<Item = &'a Visit>) -> Self {
        let mut times: Vec<u64> =
            visits.map(|visit| u64::try_from(visit.took.as_millis()).unwrap_or(u64::MAX)).collect();
        times.sort_unstable();
        let at = |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1))).copied();
        Self {
            visits: times.len(),
            p50: at(50).unwrap_or_default(),
            p99: at(99).unwrap_or_default(),
            most: times.last().copied().unwrap_or_default(),
        }
    }
}

struct Stage {
    hall: Hall,
    proxies: BTreeMap<&'static str, Proxy>,
    pages: Vec<Page>,
}

/// All services behind proxies, with something to read.
async fn stage() -> Stage {
    let proxies = Mutex::new(BTreeMap::new());
    let hall = Hall::open_behind(async |name, router: Router| {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let service = listener.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(listener, router).await });
        let proxy = Proxy::before(service).await;
        let url = format!("http://{}", proxy.address).parse().expect("a URL");
        proxies.lock().expect("nobody panicked here").insert(name, proxy);
        Upstream::http(url).expect("a client")
    })
    .await;
    let mut author = hall.member("writer", Role::Author).await;
    author.publish("The first hall", &[]).await;
    author.publish("The second hall", &[]).await;
    let uploaded: Value = author.post_files("/api/upload", &[], &[("file", "hall.png", &png())]).await.json();
    let picture = first_url(&uploaded).expect("the picture's address").to_owned();
    let pages = vec![
        Page { path: "/bff/pages/home".into(), needs: &["blog"] },
        Page { path: "/bff/pages/post/the-first-hall".into(), needs: &["blog"] },
        Page { path: "/bff/pages/post/the-second-hall".into(), needs: &["blog"] },
        Page { path: "/bff/pages/posts".into(), needs: &["blog"] },
        Page { path: "/bff/pages/search?q=hall".into(), needs: &["blog"] },
        Page { path: "/bff/pages/notices".into(), needs: &["page"] },
        Page { path: "/bff/pages/login".into(), needs: &[] },
        Page { path: "/api/visitors".into(), needs: &["analytics"] },
        Page { path: picture, needs: &["storage"] },
    ];
    Stage { hall, proxies: proxies.into_inner().expect("nobody panicked here"), pages }
}

/// The first text in an answer that is the address of a picture.
fn first_url(answer: &Value) -> Option<&str> {
    match answer {
        Value::String(text) => Some(text.as_str()).filter(|text| text.starts_with("/media/")),
        Value::Array(items) => items.iter().find_map(first_url),
        Value::Object(members) => members.values().find_map(first_url),
        _ => None,
    }
}

impl Stage {
    async fn operate(&self, path: &str) -> Reply {
        let request = Request::builder().uri(path).header(header::AUTHORIZATION, format!("Bearer {OPERATOR_TOKEN}"));
        Reply::of(&self.hall.operator, request.body(axum::body::Body::empty()).expect("a request")).await
    }

    async fn breaker(&self, service: &str) -> String {
        let all: Value = self.operate("/upstreams").await.json();
        let found = all.as_array().and_then(|all| all.iter().find(|one| one["name"] == service)).expect("a service");
        found["targets"][0]["addresses"][0]["breaker"].as_str().expect("a state").to_owned()
    }

    /// Until the breaker stands so, at most for `patience`.
    async fn wait(&self, service: &str, state: &str, patience: Duration) -> Option<u64> {
        let begun = Instant::now();
        while begun.elapsed() < patience {
            if self.breaker(service).await == state {
                return u64::try_from(begun.elapsed().as_millis()).ok();
            }
            sleep(Duration::from_millis(5)).await;
        }
        None
    }

    /// Calls to a service so far, refused connections among them; of this whole process.
    async fn calls(&self, service: &str) -> u64 {
        let text = self.operate("/metrics").await;
        let ours = format!("upstream=\"{service}\"");
        let lines = text.text().lines().filter(|line| line.starts_with("maru_upstream_requests_total{"));
        let counted = lines.filter(|line| line.contains(&ours) && !line.contains("left_alone"));
        counted.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
    }

    /// Whether an answer is what it should be while `service` fails.
    fn is_right(&self, visit: &Visit, service: &str) -> bool {
        let page = &self.pages[visit.page];
        if !page.needs.contains(&service) {
            return visit.status == 200;
        }
        // The gateway passes on what the service says, if it says something.
        let passed_on = !page.path.starts_with("/bff/");
        visit.status == 200 || passed_on || (matches!(visit.status, 502 | 503) && visit.retry_after)
    }

    async fn healthy(&self, load: &Load) -> bool {
        let begun = Instant::now();
        sleep(Duration::from_millis(200)).await;
        let visits = load.between(begun, Instant::now());
        visits.len() > 5 && visits.iter().all(|visit| visit.status == 200 && visit.missing.is_empty())
    }

    async fn all_well(&self, load: &Load) {
        let begun = Instant::now();
        while !self.healthy(load).await {
            assert!(begun.elapsed() < Duration::from_secs(30), "not everything is well again");
        }
    }
}

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap_or_default() * 1024
}

const SERVICES: [&str; 6] = ["auth", "blog", "content", "page", "analytics", "storage"];
const EVERY: Duration = Duration::from_millis(10);
/// How long a fault lasts in the matrix.
const LONG: Duration = Duration::from_secs(4);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_that_can_do_without_a_failing_service_stay_up() {
    let Some(report) = std::env::var_os("MARU_FAULTS_REPORT") else { return short().await };
    let stage = stage().await;
    let load = Load::start(stage.hall.guest(), &stage.pages, EVERY);
    stage.all_well(&load).await;
    let begun = Instant::now();
    let (mut cases, mut healthy, mut rates) = (Vec::new(), Vec::new(), BTreeMap::new());
    let mut memory = Vec::new();
    for service in SERVICES {
        let (from, calls) = (Instant::now(), stage.calls(service).await);
        sleep(Duration::from_secs(3)).await;
        let rate = (stage.calls(service).await - calls) as f64 / from.elapsed().as_secs_f64();
        healthy.extend(load.between(from, Instant::now()));
        rates.insert(service, rate);
        for fault in Fault::ALL {
            cases.push(case(&stage, &load, service, fault, rate).await);
            load.forget();
        }
        let used = u64::try_from(MEMORY.current_usage()).unwrap_or(u64::MAX);
        memory.push((service, used, resident()));
    }
    let matrix = Matrix {
        healthy: Figures::of(healthy.iter()),
        cases,
        memory,
        visits_per_second: u64::try_from(Duration::from_secs(1).as_millis() / EVERY.as_millis()).unwrap_or_default(),
        seconds: begun.elapsed().as_secs(),
    };
    std::fs::write(report, serde_json::to_vec(&matrix).expect("JSON")).expect("the report is written");
    let wrong: u64 = matrix.cases.iter().map(|case| case.wrong).sum();
    assert_eq!(wrong, 0, "answers were not as they should be: {:?}", matrix.cases);
}

async fn case(stage: &Stage, load: &Load, service: &'static str, fault: Fault, rate: f64) -> Case {
    let proxy = &stage.proxies[service];
    let (begun, calls) = (Instant::now(), stage.calls(service).await);
    proxy.set(fault);
    let opened_after = stage.wait(service, "open", LONG).await;
    let opened = Instant::now();
    sleep(LONG.saturating_sub(begun.elapsed()).max(LONG / 2)).await;
    let ended = Instant::now();
    let load_factor = (stage.calls(service).await - calls) as f64 / begun.elapsed().as_secs_f64() / rate;
    proxy.set(Fault::None);
    let healed = Instant::now();
    stage.all_well(load).await;
    stage.wait(service, "closed", Duration::from_secs(20)).await;
    let closed_after = (stage.breaker(service).await == "closed")
        .then(|| u64::try_from(healed.elapsed().as_millis()).unwrap_or(u64::MAX));
    let visits = load.between(begun, ended);
    let can_do = |visit: &&Visit| !stage.pages[visit.page].needs.contains(&service);
    Case {
        service,
        fault,
        opened_after,
        closed_after,
        before: Figures::of(visits.iter().filter(can_do).filter(|visit| visit.begun < opened)),
        after: Figures::of(visits.iter().filter(can_do).filter(|visit| visit.begun >= opened)),
        refused: Figures::of(visits.iter().filter(|visit| !can_do(visit))),
        wrong: u64::try_from(visits.iter().filter(|visit| !stage.is_right(visit, service)).count()).unwrap_or_default(),
        load: load_factor,
    }
}

/// One optional service and one required, each in the way that hurts most.
async fn short() {
    let stage = stage().await;
    let load = Load::start(stage.hall.guest(), &stage.pages, 2 * EVERY);
    stage.all_well(&load).await;
    for (service, fault) in [("content", Fault::Hanging), ("blog", Fault::Errors)] {
        let (begun, proxy) = (Instant::now(), &stage.proxies[service]);
        proxy.set(fault);
        eventually("the breaker to open", async || (stage.breaker(service).await == "open").then_some(())).await;
        let (asked, opened) = (proxy.requests(), Instant::now());
        eventually("some more visits", async || (load.between(opened, Instant::now()).len() > 40).then_some(())).await;
        let visits = load.between(begun, Instant::now());
        for visit in &visits {
            assert!(stage.is_right(visit, service), "{service}: {} {visit:?}", stage.pages[visit.page].path);
        }
        let spared = proxy.requests() - asked;
        assert!(spared < 10, "{spared} requests to a service that is left alone");
        proxy.set(Fault::None);
        stage.all_well(&load).await;
        eventually("the breaker to close", async || (stage.breaker(service).await == "closed").then_some(())).await;
    }
}
