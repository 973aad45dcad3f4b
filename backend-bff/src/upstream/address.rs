//! One address of a service: its breaker, its load, and one exchange with it.

use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{body::Body, extract::Request, response::Response};
use http::{HeaderValue, Method, StatusCode};
use kit::context;
use tokio::{
    sync::Notify,
    time::{Instant, error::Elapsed, timeout, timeout_at},
};
use tower::{Service, ServiceBuilder, ServiceExt, limit::ConcurrencyLimit};

use super::{
    breaker::{Breaker, Change, Leave, Outcome},
    failure::Failure,
    limits::Limits,
    meters::Gauge,
    probe,
    steady::steady,
    transport::Transport,
};

/// Largest answer that is read whole.
pub(super) const ANSWER_LIMIT: usize = 8 << 20;

/// One address.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) label: String,
    pub(super) breaker: Breaker,
    service: ConcurrencyLimit<Transport>,
    /// The same without waiting behind others.
    unlimited: Transport,
    under_way: AtomicUsize,
    /// It is being asked whether it hangs.
    suspected: AtomicBool,
    /// Wakes overdue calls when it does.
    hangs: Notify,
    overdue: Duration,
    /// A call that may take longer than this is not overdue before it is over.
    patience: Duration,
    body_pause: Duration,
    gauge: Gauge,
}

/// A call that one address may take. What it comes to goes to the breaker when the ticket is dropped.
#[derive(Debug)]
pub(crate) struct Ticket {
    address: Arc<Address>,
    leave: Leave,
    outcome: AtomicU8,
}

impl Address {
    pub(super) fn new(transport: Transport, limits: &Limits, gauge: Gauge) -> Arc<Self> {
        let service = ServiceBuilder::new().concurrency_limit(limits.concurrency).service(transport.clone());
        let breaker = Breaker::new(limits.breaker.clone());
        gauge.set(breaker.standing());
        Arc::new(Self {
            label: transport.label(),
            breaker,
            service,
            unlimited: transport,
            under_way: AtomicUsize::new(0),
            suspected: AtomicBool::new(false),
            hangs: Notify::new(),
            overdue: limits.overdue,
            patience: limits.deadline,
            body_pause: limits.body_pause,
            gauge,
        })
    }

    /// Calls under way.
    pub(super) fn load(&self) -> usize {
        self.under_way.load(Ordering::Relaxed)
    }

    /// Leave for a call, unless the address is left alone.
    pub(super) fn ticket(self: &Arc<Self>) -> Option<Ticket> {
        let leave = self.breaker.admit()?;
        self.gauge.set(self.breaker.standing());
        self.under_way.fetch_add(1, Ordering::Relaxed);
        Some(Ticket { address: self.clone(), leave, outcome: AtomicU8::new(outcome_byte(Outcome::Abandoned)) })
    }

    /// Asks without leave and without counting.
    pub(super) async fn ask(&self, path: &'static str, deadline: Duration) -> Result<StatusCode, Failure> {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = http::Uri::from_static(path);
        let answer = timeout(deadline, self.unlimited.clone().oneshot(request)).await.map_err(|_| Failure::Late)??;
        Ok(answer.status())
    }

    /// Shows how the breaker stands, and sees to it that an open one is looked after.
    pub(super) fn changed(self: &Arc<Self>, change: Option<Change>) {
        let Some(change) = change else { return };
        self.gauge.set(self.breaker.standing());
        match change {
            Change::Closed => tracing::info!(upstream = self.gauge.upstream(), address = %self.label, "answers again"),
            Change::Opened => {
                tracing::warn!(upstream = self.gauge.upstream(), address = %self.label, "is left alone for a while");
                probe::look_after(self);
            }
        }
    }

    /// Whether to ask it now whether it hangs: a service in this process only hangs with all of it.
    pub(super) fn begin_suspicion(&self) -> bool {
        !matches!(self.unlimited, Transport::InProcess(_)) && !self.suspected.swap(true, Ordering::Relaxed)
    }

    /// What asking at `age` found out. When it hangs, nobody whose call is overdue waits any longer.
    pub(super) fn end_suspicion(self: &Arc<Self>, age: u64, lives: bool) {
        self.suspected.store(false, Ordering::Relaxed);
        if !lives {
            self.changed(self.breaker.hangs(age));
            self.hangs.notify_waiters();
        }
    }

    /// What a probe found out.
    pub(super) fn probed(&self, lives: bool) {
        self.breaker.probed(lives);
        self.gauge.set(self.breaker.standing());
    }
}

impl Ticket {
    /// Sends the request; with `whole` waits for the whole body as well, and answers it at hand.
    pub(super) async fn exchange(
        &mut self,
        mut request: Request,
        deadline: Instant,
        whole: bool,
    ) -> Result<Response, Failure> {
        let begun = Instant::now();
        let left = deadline.saturating_duration_since(begun);
        let patient = left > self.address.patience;
        let millis = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
        request.headers_mut().insert(context::DEADLINE, HeaderValue::from(millis));
        let service = self.address.service.clone();
        let mut work = pin!(run(service, request, whole));
        let overdue = (begun + self.address.overdue).min(deadline);
        let answer = match timeout_at(overdue, &mut work).await {
            Ok(answer) => Ok(answer),
            Err(_) => {
                if !patient && overdue < deadline {
                    // Before it is suspected, so that what comes of that is not missed.
                    let hangs = self.address.hangs.notified();
                    let change = self.address.breaker.overdue(&mut self.leave);
                    self.address.changed(change);
                    probe::suspect(&self.address);
                    if self.address.breaker.is_hung() {
                        Ok(Err(Failure::Late))
                    } else {
                        until(deadline, work, hangs).await
                    }
                } else {
                    timeout_at(deadline, work).await
                }
            }
        };
        let answer = answer.unwrap_or(Err(Failure::Late));
        self.note(match &answer {
            Ok(answer) if is_failure(answer.status()) => Outcome::Failed,
            // What is too much for us is an answer all the same.
            Ok(_) | Err(Failure::TooLarge) => Outcome::Good,
            // Who had hardly any time left cannot blame the service.
            Err(Failure::Late) if deadline < begun + self.address.overdue => Outcome::Abandoned,
            Err(_) => Outcome::Silent,
        });
        if whole {
            return answer;
        }
        answer.map(|answer| steady(answer, self.address.body_pause, self.address.gauge.upstream()))
    }

    /// Notes what the call came to; the last word counts.
    fn note(&self, outcome: Outcome) {
        self.outcome.store(outcome_byte(outcome), Ordering::Relaxed);
    }

    /// The answer turned out to be nonsense.
    pub(super) fn spoil(&self) {
        self.note(Outcome::Silent);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.address.under_way.fetch_sub(1, Ordering::Relaxed);
        let outcome = match self.outcome.load(Ordering::Relaxed) {
            1 => Outcome::Good,
            2 => Outcome::Failed,
            3 => Outcome::Silent,
            _ => Outcome::Abandoned,
        };
        let change = self.address.breaker.settle(&self.leave, outcome);
        self.address.changed(change);
    }
}

fn outcome_byte(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Abandoned => 0,
        Outcome::Good => 1,
        Outcome::Failed => 2,
        Outcome::Silent => 3,
    }
}

/// The answer, unless the address turns out to hang or time is up.
async fn until(
    deadline: Instant,
    work: impl Future<Output = Result<Response, Failure>>,
    hangs: impl Future<Output = ()>,
) -> Result<Result<Response, Failure>, Elapsed> {
    tokio::select! {
        biased;
        answer = timeout_at(deadline, work) => answer,
        () = hangs => Ok(Err(Failure::Late)),
    }
}

/// Whether such an answer says that the service failed. 501 and the like are answers about the request.
fn is_failure(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::INTERNAL_SERVER_ERROR
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

async fn run(
    mut service: impl Service<Request, Response = Response, Error = Failure>,
    request: Request,
    whole: bool,
) -> Result<Response, Failure> {
    let without_body = request.method() == Method::HEAD;
    let answer = service.ready().await?.call(request).await?;
    if !whole || without_body {
        return Ok(answer);
    }
    let (head, body) = answer.into_parts();
    let body = axum::body::to_bytes(body, ANSWER_LIMIT).await.map_err(Failure::unread)?;
    Ok(Response::from_parts(head, Body::from(body)))
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
