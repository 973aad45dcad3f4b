//! How many requests are answered at once. What cannot have its turn soon is told so at once (503), before
//! everybody waits for everybody.
//!
//! What only reads, what changes something and what uploads have lanes of their own: clients that send
//! slowly cannot keep others from reading.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use contracts::problem::Problem;
use http::{HeaderValue, header};
use kit::error::problem_response;
use metrics::Counter;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::TrafficLimits;
use crate::{
    backend::{Backend, Site},
    document, gateway, locale,
};

const LANES: [&str; 3] = ["read", "write", "upload"];
/// So many wait for each one that is answered; the next is refused at once.
const WAITING_PER_TURN: usize = 4;
/// When to come back, in seconds.
const RETRY_AFTER: u64 = 2;

/// The lanes, and how the page of a refusal is made.
pub(crate) struct Lanes {
    lanes: Option<[Lane; 3]>,
    queue: Duration,
    site: Site,
}

struct Lane {
    refused: Counter,
    turns: Semaphore,
    waiting: AtomicUsize,
    most_waiting: usize,
}

fn refused(lane: &'static str) -> Counter {
    metrics::counter!("maru_shed_total", "lane" => lane)
}

impl Lane {
    fn new(name: &'static str, turns: usize) -> Self {
        let turns = turns.max(1);
        let most_waiting = turns * WAITING_PER_TURN;
        Self { refused: refused(name), turns: Semaphore::new(turns), waiting: AtomicUsize::new(0), most_waiting }
    }

    /// A turn, as soon as there is one; none when that takes too long.
    async fn turn(&self, queue: Duration) -> Option<SemaphorePermit<'_>> {
        if let Ok(turn) = self.turns.try_acquire() {
            return Some(turn);
        }
        let _waits = Waits::new(&self.waiting);
        if self.waiting.load(Ordering::Relaxed) > self.most_waiting {
            return None;
        }
        tokio::time::timeout(queue, self.turns.acquire()).await.ok()?.ok()
    }
}

/// One that waits, for as long as it does.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn new(waiting: &'a AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(waiting)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Lanes {
    pub(crate) fn new(limits: &TrafficLimits, site: Site) -> Self {
        metrics::describe_counter!("maru_shed_total", "Requests that waited for their turn in vain.");
        let all = limits.in_flight;
        // From the start, so that the first one counts.
        LANES.iter().for_each(|lane| refused(lane).increment(0));
        let [read, write, upload] = LANES;
        let lanes = (all > 0).then(|| [Lane::new(read, all), Lane::new(write, all / 4), Lane::new(upload, all / 8)]);
        Self { lanes, queue: limits.queue, site }
    }

    fn lane(&self, request: &Request) -> Option<&Lane> {
        let [read, write, upload] = self.lanes.as_ref()?;
        let path = request.uri().path();
        // Whoever watches this process must see it even when it is busy.
        let watched = matches!(path, "/_health" | "/_ready");
        let lane = match request.method().is_safe() {
            true => read,
            false if gateway::is_upload(path) => upload,
            false => write,
        };
        (!watched).then_some(lane)
    }
}

/// Answers a request when its turn comes.
pub(crate) async fn admit(State(backend): State<Arc<Backend>>, request: Request, next: Next) -> Response {
    admitted(&backend, request, async move |request| next.run(request).await).await
}

/// The same for a request that `answer` answers.
pub(crate) async fn admitted(
    backend: &Backend,
    request: Request,
    answer: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let rules = backend.rules.current();
    let lanes = &rules.lanes;
    let Some(lane) = lanes.lane(&request) else { return answer(request).await };
    match lane.turn(lanes.queue).await {
        Some(_turn) => answer(request).await,
        None => {
            lane.refused.increment(1);
            refusal(&lanes.site, &request)
        }
    }
}

fn refusal(site: &Site, request: &Request) -> Response {
    let mut response = if document::wants_page(request.headers()) {
        document::plain_page(site, locale::of(request.headers()), 503)
    } else {
        let problem = Problem::new(503, "overloaded", "Too much is asked of this site right now");
        problem_response(problem.with_detail("Try again in a moment."))
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER.into());
    response
}
