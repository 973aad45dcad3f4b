//! How many requests are answered at once. What cannot have its turn soon is told so at once (503), before
//! everybody waits for everybody.
//!
//! What only reads, what changes something and what uploads have lanes of their own: clients that send
//! slowly cannot keep others from reading. Nor can one keep others from sending: of what is held while a body
//! arrives, each has a share.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use contracts::problem::Problem;
use http::{HeaderValue, header};
use kit::error::problem_response;
use metrics::Counter;

use super::{TrafficLimits, Turns};
use crate::{
    backend::{Backend, Site},
    document, gateway, locale,
};

const LANES: [&str; 3] = ["read", "write", "upload"];
/// This part of a lane one client may have, where its bodies are waited for.
const SHARE: usize = 4;
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
    turns: Turns,
}

fn refused(lane: &'static str) -> Counter {
    metrics::counter!("maru_shed_total", "lane" => lane)
}

impl Lanes {
    pub(crate) fn new(limits: &TrafficLimits, site: Site) -> Self {
        metrics::describe_counter!("maru_shed_total", "Requests that waited for their turn in vain.");
        let all = limits.in_flight;
        // From the start, so that the first one counts.
        LANES.iter().for_each(|lane| refused(lane).increment(0));
        let [read, write, upload] = LANES;
        let lane = |name, turns| Lane { refused: refused(name), turns };
        // Nothing waits for a body there, and looking for the client would cost each reader something.
        let reading = |name| lane(name, Turns::new(all));
        let sending = |name, turns: usize| lane(name, Turns::new(turns).shared(turns / SHARE));
        let lanes = (all > 0).then(|| [reading(read), sending(write, all / 4), sending(upload, all / 8)]);
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
    let client = if lane.turns.are_shared() { rules.client(&request) } else { None };
    match lane.turns.turn(client, lanes.queue).await {
        Some(_turn) => answer(request).await,
        None => {
            lane.refused.increment(1);
            refusal(&lanes.site, &request)
        }
    }
}

/// The answer to a form with files for which there was no room.
pub(crate) fn no_room(backend: &Backend, request: &Request) -> Response {
    let [.., upload] = LANES;
    refused(upload).increment(1);
    refusal(&backend.site, request)
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
