//! Errors of routes, answered as `application/problem+json`.

use std::error::Error;

use axum::response::{IntoResponse, Response};
use contracts::problem::Problem;
use http::{HeaderValue, StatusCode, header};

/// What a route answers when it cannot do what was asked: a problem, and for a 5xx its cause, which
/// goes to the log and never into the answer.
#[derive(Debug)]
pub struct ApiError {
    problem: Box<Problem>,
    cause: Option<Box<dyn Error + Send + Sync>>,
    retry_after: Option<u64>,
    current: Option<Current>,
}

/// The thing as it is now: the member `current` of a problem that refuses a stale change.
#[derive(Clone, Debug)]
pub(crate) struct Current(serde_json::Value);

/// When to come back, in seconds, after a 503: what was away is looked for again every second or two.
const RETRY_AFTER: u64 = 5;

/// Answer of a route.
pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// 500, because of `cause`.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { problem: Box::new(Problem::internal()), cause: Some(cause.into()), retry_after: None, current: None }
    }

    /// 503, because of `cause`.
    pub fn unavailable(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let problem = Box::new(Problem::unavailable());
        Self { problem, cause: Some(cause.into()), retry_after: Some(RETRY_AFTER), current: None }
    }

    /// 429: the caller may try again after so many seconds.
    pub fn too_many(seconds: u64) -> Self {
        let problem = Problem::new(429, "too_many_attempts", "Too many attempts")
            .with_detail(format!("Try again in {seconds} seconds."));
        Self { problem: Box::new(problem), cause: None, retry_after: Some(seconds), current: None }
    }

    /// 409 to a change that was made from another version than the last: the answer holds the thing
    /// as it is now in its member `current`, so that nobody's words are lost.
    pub fn stale(yours: u32, now: u32, current: &impl serde::Serialize) -> Self {
        let problem = Problem::new(409, "stale_version", "Somebody changed this in the meantime")
            .with_detail(format!("It is at version {now} now; yours was made from version {yours}."))
            .with_field("version", "stale", now.to_string());
        Self { current: serde_json::to_value(current).ok().map(Current), ..Self::from(problem) }
    }

    /// What will be answered.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self { problem: Box::new(problem), cause: None, retry_after: None, current: None }
    }
}

impl From<sea_orm::DbErr> for ApiError {
    fn from(error: sea_orm::DbErr) -> Self {
        if crate::db::is_away(&error) { Self::unavailable(error) } else { Self::internal(error) }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if let Some(cause) = &self.cause {
            tracing::error!(code = %self.problem.code, cause = %Chain(cause.as_ref()), "request failed");
        }
        let away = matches!(self.problem.status, 502 | 503);
        let mut response = problem_response(*self.problem);
        if let Some(current) = self.current {
            response.extensions_mut().insert(current);
        }
        if let Some(seconds) = self.retry_after.or(away.then_some(RETRY_AFTER)) {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// A problem as a response. The problem also stands in the response's extensions, where
/// [`crate::http::finish`] finds it to add the id of the request.
pub fn problem_response(problem: Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let location = problem.location.as_deref().and_then(location_header);
    let mut response = (status, problem_body(&problem, None)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(location) = location {
        headers.insert(header::LOCATION, location);
    }
    response.extensions_mut().insert(problem);
    response
}

pub(crate) fn problem_body(problem: &Problem, current: Option<&Current>) -> Vec<u8> {
    #[derive(serde::Serialize)]
    struct Stale<'a> {
        #[serde(flatten)]
        problem: &'a Problem,
        current: &'a serde_json::Value,
    }
    // Strings and integers: there is nothing in a problem that JSON cannot hold.
    match current {
        Some(Current(current)) => serde_json::to_vec(&Stale { problem, current }).unwrap_or_default(),
        None => serde_json::to_vec(problem).unwrap_or_default(),
    }
}

/// A path as `Location` holds it: what is not ASCII (a Hangul slug) percent-encoded.
pub(crate) fn location_header(path: &str) -> Option<HeaderValue> {
    use std::fmt::Write;
    let encoded = path.bytes().fold(String::with_capacity(path.len()), |mut text, byte| {
        if byte.is_ascii_graphic() {
            text.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    });
    HeaderValue::from_str(&encoded).ok()
}

/// An error and all that caused it, in one line.
pub struct Chain<'a>(pub &'a (dyn Error + 'static));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            write!(f, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use contracts::problem::Problem;

    use super::problem_response;

    #[test]
    fn a_moved_hangul_slug_has_a_header_that_holds() {
        let response = problem_response(Problem::moved("/posts/마루"));
        assert_eq!(response.status(), 301);
        assert_eq!(response.headers()["location"], "/posts/%EB%A7%88%EB%A3%A8");
    }
}
