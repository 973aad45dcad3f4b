//! Calls as the rest of the BFF makes them.

use std::{sync::Arc, time::Duration};

use axum::{body::Body, extract::Request, response::Response};
use http::{HeaderMap, HeaderValue, Method, Uri, header};
use kit::{ApiError, ApiResult, context};
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::{Instant, timeout_at};

use super::{
    Answer, Upstream,
    address::ANSWER_LIMIT,
    failure::Failure,
    flights::{self, Landing},
    routing,
    served::{self, SERVICE_VERSION},
    target::{Outgoing, Reply, Target},
};
use crate::sessions::Visitor;

impl Upstream {
    /// Passes a request on. The answer's body may still be under way.
    pub(crate) async fn send(&self, request: Request) -> ApiResult<Response> {
        let deadline = self.usual_deadline(request.method());
        self.send_within(deadline, request).await
    }

    /// The same, when it may take another time than usual until the answer begins.
    pub(crate) async fn send_within(&self, deadline: Duration, request: Request) -> ApiResult<Response> {
        let (mut head, body) = request.into_parts();
        let target = self.choose(&mut head.headers)?;
        let changes = !head.method.is_safe();
        let mirrored = self.draw(target, &head.method, &head.uri, &head.headers);
        let outgoing = Outgoing { method: head.method, uri: head.uri, headers: head.headers, body };
        let answer = target.send(outgoing, until(deadline), false).await;
        if changes {
            self.0.flights.forget();
        }
        let Reply { mut response, .. } = answer?;
        if let Some(version) = self.version(target) {
            response.headers_mut().insert(SERVICE_VERSION, version);
        }
        Ok(match mirrored {
            Some(mirrored) => mirrored.beside(response),
            None => response,
        })
    }

    /// Calls the service and waits for its whole answer, whatever its status.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        authorization: Option<&HeaderValue>,
        body: Option<Vec<u8>>,
        extra: HeaderMap,
    ) -> ApiResult<Answer> {
        let deadline = self.usual_deadline(&method);
        self.call_within(deadline, method, path, authorization, body, extra).await
    }

    /// The same, when it may take another time than usual.
    pub(crate) async fn call_within(
        &self,
        deadline: Duration,
        method: Method,
        path: &str,
        authorization: Option<&HeaderValue>,
        body: Option<Vec<u8>>,
        mut headers: HeaderMap,
    ) -> ApiResult<Answer> {
        let uri: Uri = path.parse().map_err(ApiError::internal)?;
        if let Some(authorization) = authorization {
            headers.insert(header::AUTHORIZATION, authorization.clone());
        }
        let body = body.map(|body| {
            headers.entry(header::CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
            Body::from(body)
        });
        let key = routing::take_key(&mut headers);
        let target = self.choose_for(key)?;
        served::note(self, target);
        let deadline = until(deadline);
        if method == Method::GET && body.is_none() {
            return Ok(self.read(target, uri, headers, deadline).await?);
        }
        let changes = !method.is_safe();
        let outgoing = Outgoing { method, uri, headers, body: body.unwrap_or_default() };
        let answer = land(target.send(outgoing, deadline, true).await).await;
        if changes {
            self.0.flights.forget();
        }
        Ok(answer?)
    }

    /// One call for all who ask the same meanwhile.
    async fn read(&self, target: &Target, uri: Uri, headers: HeaderMap, deadline: Instant) -> Landing {
        if !target.is_ready() {
            // A call that is under way may be one of those for which nobody waits any more.
            let outgoing = Outgoing { method: Method::GET, uri, headers, body: Body::empty() };
            return land(target.send(outgoing, deadline, true).await).await;
        }
        let key = flights::key(&target.name, &uri.to_string(), &headers);
        let (upstream, name) = (self.clone(), target.name.clone());
        let (flight, joined) = self.0.flights.join(key, || {
            Box::pin(async move {
                let target = upstream.target(&name).ok_or(Failure::LeftAlone(upstream.0.name))?;
                let mirrored = upstream.draw(target, &Method::GET, &uri, &headers);
                let outgoing = Outgoing { method: Method::GET, uri, headers, body: Body::empty() };
                let answer = land(target.send(outgoing, deadline, true).await).await;
                if let (Some(mirrored), Ok(answer)) = (mirrored, &answer) {
                    mirrored.compare(answer.status, &answer.body);
                }
                answer
            })
        });
        if joined {
            self.0.meters.coalesced();
        }
        // Who set out may wait longer than who joined.
        timeout_at(deadline, flight).await.unwrap_or(Err(Failure::Late))
    }

    fn usual_deadline(&self, method: &Method) -> Duration {
        let limits = &self.0.plan.limits;
        if method.is_safe() { limits.deadline } else { limits.write_deadline }
    }

    fn choose(&self, headers: &mut HeaderMap) -> Result<&Target, Failure> {
        self.choose_for(routing::take_key(headers))
    }

    fn choose_for(&self, key: u64) -> Result<&Target, Failure> {
        routing::choose(&self.0.targets, key).ok_or(Failure::LeftAlone(self.0.name))
    }

    /// Changes something as the visitor.
    pub(crate) async fn change(
        &self,
        method: Method,
        path: &str,
        input: &impl Serialize,
        visitor: &Visitor,
    ) -> ApiResult<Answer> {
        let body = serde_json::to_vec(input).map_err(ApiError::internal)?;
        let answer = self.call(method, path, visitor.authorization(), Some(body), visitor.trail()).await?;
        answer.good()?;
        Ok(answer)
    }

    /// Changes something as the visitor, with nothing to say about it.
    pub(crate) async fn act(&self, method: Method, path: &str, visitor: &Visitor) -> ApiResult<Answer> {
        let answer = self.call(method, path, visitor.authorization(), None, visitor.trail()).await?;
        answer.good()?;
        Ok(answer)
    }

    /// Reads one thing as the visitor.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str, visitor: &Visitor) -> ApiResult<T> {
        self.call(Method::GET, path, visitor.authorization(), None, visitor.reading_trail()).await?.json()
    }

    /// Reads one thing of `/internal/*`, for the visitor's request but not in their name.
    pub(crate) async fn get_internal<T: DeserializeOwned>(
        &self,
        path: &str,
        authorization: &HeaderValue,
        visitor: &Visitor,
    ) -> ApiResult<T> {
        self.call(Method::GET, path, Some(authorization), None, visitor.trail()).await?.json()
    }
}

/// When a call that begins now has to be over: nobody waits longer than for the page it is part of.
fn until(deadline: Duration) -> Instant {
    let own = Instant::now() + deadline;
    context::current().deadline.map_or(own, |page| page.min(own))
}

/// The body is at hand, so this does not wait.
async fn land(reply: Result<Reply, Failure>) -> Landing {
    let Reply { response, ticket } = reply?;
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), ANSWER_LIMIT).await.map_err(Failure::unread)?;
    Ok(Answer { status, body, ticket: Arc::new(ticket) })
}

#[cfg(test)]
#[path = "call_tests.rs"]
mod tests;
