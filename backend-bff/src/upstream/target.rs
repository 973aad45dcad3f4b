//! One version of a service: its addresses, of which the least busy healthy one is asked, and retries.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::{body::Body, extract::Request, response::Response};
use http::{HeaderMap, Method, StatusCode, Uri, header};
use kit::trace;
use rand::Rng;
use tokio::time::{Instant, sleep};
use tower::retry::budget::{Budget, TpsBudget};
use tracing::Instrument;

use super::{
    address::{Address, Ticket},
    failure::Failure,
    limits::Limits,
    meters::{Attempts, Meters},
    transport::Transport,
};

/// Attempts of a reading call, the first among them.
const ATTEMPTS: u32 = 3;
/// Wait before the first retry, at most; twice as long before the second.
const BACKOFF: Duration = Duration::from_millis(50);
/// For how long a call pays for retries. Short, so that what a quiet hour saved up is not spent in one second.
const BUDGET_WINDOW: Duration = Duration::from_secs(10);

/// What is sent.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) body: Body,
}

/// A version of a service.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) name: Arc<str>,
    pub(super) addresses: Vec<Arc<Address>>,
    budget: TpsBudget,
    meters: Meters,
    attempts: Attempts,
    service: &'static str,
    /// Its share of the visitors; see `routing`. Changes while everything runs.
    weight: AtomicU32,
}

/// An answer and what it cost; the ticket goes back when the answer was judged.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) response: Response,
    pub(super) ticket: Ticket,
}

impl Target {
    pub(super) fn new(
        service: &'static str,
        name: &str,
        weight: u32,
        transports: &[Transport],
        limits: &Limits,
    ) -> Self {
        let meters = Meters::new(service);
        let address =
            |transport: &Transport| Address::new(transport.clone(), limits, meters.breaker(name, &transport.label()));
        Self {
            name: name.into(),
            addresses: transports.iter().map(address).collect(),
            // None for free: under total failure the load stays within the share.
            budget: TpsBudget::new(BUDGET_WINDOW, 0, limits.retry_share),
            attempts: meters.attempts(name),
            meters,
            service,
            weight: AtomicU32::new(weight),
        }
    }

    pub(super) fn weight(&self) -> u32 {
        self.weight.load(Ordering::Relaxed)
    }

    pub(super) fn set_weight(&self, weight: u32) {
        self.weight.store(weight, Ordering::Relaxed);
    }

    /// Whether any address would take a call now.
    pub(super) fn is_ready(&self) -> bool {
        self.addresses.iter().any(|address| address.breaker.is_ready())
    }

    /// Sends a request; one that only reads is tried again, elsewhere if there is an elsewhere. With `whole`
    /// the answer's body is at hand.
    pub(super) async fn send(&self, outgoing: Outgoing, deadline: Instant, whole: bool) -> Result<Reply, Failure> {
        let Outgoing { method, uri, headers, body } = outgoing;
        self.budget.deposit();
        if !is_repeatable(&method) {
            return self.attempt(request(&method, &uri, headers, body), deadline, whole, &mut Vec::new()).await;
        }
        let mut tried = Vec::new();
        for attempt in 1.. {
            let again = request(&method, &uri, headers.clone(), Body::empty());
            let answer = self.attempt(again, deadline, whole, &mut tried).await;
            if attempt == ATTEMPTS || !self.is_worth_a_retry(&answer, tried.len()) || !self.budget.withdraw() {
                return answer;
            }
            // The ticket goes back before the wait.
            drop(answer);
            self.meters.retry(&self.name);
            sleep(backoff(attempt)).await;
        }
        Err(Failure::Late)
    }

    async fn attempt(
        &self,
        mut request: Request,
        deadline: Instant,
        whole: bool,
        tried: &mut Vec<usize>,
    ) -> Result<Reply, Failure> {
        let begun = Instant::now();
        let Some((index, mut ticket)) = self.pick(tried) else {
            let failure = Failure::LeftAlone(self.service);
            self.attempts.ended(failure.outcome(), Duration::ZERO);
            return Err(failure);
        };
        tried.push(index);
        let span = trace::call(self.service, request.method());
        span.in_scope(|| trace::put(request.headers_mut()));
        let answer = ticket.exchange(request, deadline, whole).instrument(span.clone()).await;
        if let Ok(answer) = &answer {
            trace::answered(&span, answer.status());
        }
        let outcome = answer.as_ref().map_or_else(Failure::outcome, |answer| class(answer.status()));
        self.attempts.ended(outcome, begun.elapsed());
        answer.map(|response| Reply { response, ticket })
    }

    /// The less busy of two addresses taken at random, of those that were not tried yet and are not left alone.
    fn pick(&self, tried: &[usize]) -> Option<(usize, Ticket)> {
        let ticket = |index: usize| Some((index, self.addresses.get(index)?.ticket()?));
        if let [_] = self.addresses[..] {
            return ticket(0);
        }
        let ready = |index: &usize| self.addresses.get(*index).is_some_and(|address| address.breaker.is_ready());
        let mut fresh: Vec<usize> = (0..self.addresses.len()).filter(ready).collect();
        if fresh.iter().any(|index| !tried.contains(index)) {
            fresh.retain(|index| !tried.contains(index));
        }
        while !fresh.is_empty() {
            let one = rand::rng().random_range(0..fresh.len());
            let other = rand::rng().random_range(0..fresh.len());
            let load = |place: usize| fresh.get(place).map_or(usize::MAX, |index| self.addresses[*index].load());
            let place = if load(other) < load(one) { other } else { one };
            // Somebody else may have taken a half-open one's trial.
            if let Some(found) = ticket(fresh.swap_remove(place)) {
                return Some(found);
            }
        }
        None
    }

    fn is_worth_a_retry(&self, answer: &Result<Reply, Failure>, tried: usize) -> bool {
        match answer {
            Err(Failure::Broken(_) | Failure::Cut(_)) => true,
            // No time is left, or nobody to ask, or it would be as large again.
            Err(Failure::Late | Failure::LeftAlone(_) | Failure::TooLarge) => false,
            Ok(Reply { response, .. }) => match response.status() {
                StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => true,
                // Asked to come back later, only somebody else can help now.
                StatusCode::SERVICE_UNAVAILABLE => {
                    tried < self.addresses.len() || !response.headers().contains_key(header::RETRY_AFTER)
                }
                _ => false,
            },
        }
    }
}

/// Whether sending it twice does nothing that sending it once does not.
fn is_repeatable(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// Anything up to the limit, so that those who failed together do not come back together.
fn backoff(attempt: u32) -> Duration {
    BACKOFF.saturating_mul(1 << attempt.min(8)).mul_f64(rand::rng().random_range(0.25..=0.5))
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        0..400 => "ok",
        400..500 => "client_error",
        _ => "server_error",
    }
}

fn request(method: &Method, uri: &Uri, headers: HeaderMap, body: Body) -> Request {
    let mut request = Request::new(body);
    *request.method_mut() = method.clone();
    *request.uri_mut() = uri.clone();
    *request.headers_mut() = headers;
    request
}
