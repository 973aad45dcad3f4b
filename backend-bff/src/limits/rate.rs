//! How often a client may ask: 429 with the time to wait, and headers that say how much is left
//! (draft-ietf-httpapi-ratelimit-headers).

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use contracts::problem::Problem;
use http::{HeaderName, HeaderValue, header, request::Parts};
use kit::{
    error::problem_response,
    rates::{Buckets, Quota, Taken},
};
use metrics::Counter;

use super::{PerMinute, class::Class};
use crate::{backend::Backend, document, sessions::Visitor};

const REMAINING: HeaderName = HeaderName::from_static("ratelimit");
const REFUSED: &str = "maru_rate_limited_total";
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Who asked how often.
pub(crate) struct Rates(Arc<dyn Buckets>);

impl Rates {
    pub(crate) fn new(buckets: Arc<dyn Buckets>) -> Self {
        metrics::describe_counter!(REFUSED, "Requests of clients that asked too often.");
        // From the start, so that the first one counts.
        Class::ALL.iter().for_each(|class| refused(*class).increment(0));
        Self(buckets)
    }
}

fn refused(class: Class) -> Counter {
    metrics::counter!(REFUSED, "class" => class.name())
}

fn quota(per_minute: &PerMinute, class: Class) -> Option<Quota> {
    let requests = class.of_minute(per_minute);
    (requests > 0).then(|| Quota::per_minute(requests))
}

/// Refuses a request of somebody who asks too often.
pub(crate) async fn limit(State(backend): State<Arc<Backend>>, request: Request, next: Next) -> Response {
    let visitor = request.extensions().get::<Visitor>().cloned().unwrap_or_default();
    limited(&backend, &visitor, request, async move |request| next.run(request).await).await
}

/// The same for a request of `visitor` that `answer` answers.
pub(crate) async fn limited(
    backend: &Backend,
    visitor: &Visitor,
    request: Request,
    answer: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let class = Class::of(request.method(), request.uri().path());
    let quota = quota(&backend.rules.current().limits.per_minute, class);
    let Some(quota) = quota else { return answer(request).await };
    let client = if class == Class::Login { visitor.network() } else { visitor.client() };
    let taken = backend.rates.0.take(&format!("{}:{client}", class.name()), quota).await;
    let mut response = if taken.allowed {
        answer(request).await
    } else {
        refused(class).increment(1);
        refusal(backend, visitor, &request.into_parts().0, class, quota, taken)
    };
    if class.is_told() || !taken.allowed {
        tell(&mut response, class, quota, taken);
    }
    response
}

fn refusal(backend: &Backend, visitor: &Visitor, head: &Parts, class: Class, quota: Quota, taken: Taken) -> Response {
    let mut response = if document::wants_page(&head.headers) {
        document::plain_page(&backend.site, visitor.locale(), 429)
    } else {
        let seconds = seconds(taken.retry_after);
        let detail = format!(
            "At most {} requests a minute of the kind `{}` are answered. Try again in {seconds} {}.",
            quota.requests,
            class.name(),
            if seconds == 1 { "second" } else { "seconds" },
        );
        problem_response(Problem::new(429, "rate_limited", "Too many requests").with_detail(detail))
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response.headers_mut().insert(header::RETRY_AFTER, seconds(taken.retry_after).into());
    response
}

fn tell(response: &mut Response, class: Class, quota: Quota, taken: Taken) {
    let name = class.name();
    let told = [
        (POLICY, format!("\"{name}\";q={};w={}", quota.requests, quota.window.as_secs())),
        (REMAINING, format!("\"{name}\";r={};t={}", taken.remaining, seconds(taken.full_in))),
    ];
    for (name, text) in told {
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().insert(name, value);
        }
    }
}

/// Whole seconds, and never too few.
fn seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}
