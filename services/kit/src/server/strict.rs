//! Requests that two programs could read in two ways are refused, and their connection is closed.
//!
//! hyper sees to the rest: differing lengths, folded lines, bad chunks, spaces before colons. Of a request with
//! both a length and chunks it believes the chunks and closes the connection after it, so that nothing can hide
//! behind it.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use contracts::problem::Problem;
use http::{HeaderValue, Method, Request, Version, header};

use super::MOST_HEADERS;
use crate::ApiError;

/// The answer to a request that is not to be answered otherwise.
pub(super) fn refuse<B>(request: &Request<B>) -> Option<Response> {
    let (status, fault) = fault(request)?;
    let problem = Problem::new(status, "bad_request", "The request is not well-formed").with_detail(fault);
    let mut response: Response<Body> = ApiError::from(problem).into_response();
    if request.version() <= Version::HTTP_11 {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Some(response)
}

fn fault<B>(request: &Request<B>) -> Option<(u16, &'static str)> {
    let headers = request.headers();
    if headers.len() > MOST_HEADERS {
        return Some((431, "It has too many headers."));
    }
    if matches!(*request.method(), Method::CONNECT | Method::TRACE) {
        return Some((405, "This method is not for this server."));
    }
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    let coding = codings.next();
    if codings.next().is_some() || coding.is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"chunked")) {
        return Some((400, "The only transfer coding taken here is `chunked`, once."));
    }
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next();
    if hosts.next().is_some() {
        return Some((400, "It names more than one host."));
    }
    match (request.version(), host, request.uri().authority()) {
        (Version::HTTP_11, None, _) => Some((400, "It names no host.")),
        (Version::HTTP_2, Some(host), Some(authority)) if host.as_bytes() != authority.as_str().as_bytes() => {
            Some((400, "It names two hosts."))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(version: Version, method: &str, uri: &str, headers: &[(&'static str, &'static str)]) -> Option<u16> {
        let mut request = Request::builder().version(version).method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        fault(&request.body(()).expect("a request")).map(|fault| fault.0)
    }

    #[test]
    fn what_means_one_thing_passes() {
        assert_eq!(status(Version::HTTP_11, "GET", "/", &[("host", "maru.example")]), None);
        let chunked = [("host", "maru.example"), ("transfer-encoding", "Chunked")];
        assert_eq!(status(Version::HTTP_11, "POST", "/", &chunked), None);
        assert_eq!(status(Version::HTTP_10, "GET", "/", &[]), None);
        assert_eq!(status(Version::HTTP_2, "GET", "https://maru.example/", &[]), None);
        assert_eq!(status(Version::HTTP_2, "GET", "https://maru.example/", &[("host", "maru.example")]), None);
    }

    #[test]
    fn what_means_two_things_does_not() {
        let h1 = |headers: &[(&'static str, &'static str)]| status(Version::HTTP_11, "POST", "/", headers);
        assert_eq!(h1(&[]), Some(400));
        assert_eq!(h1(&[("host", "a"), ("host", "a")]), Some(400));
        assert_eq!(h1(&[("host", "a"), ("transfer-encoding", "gzip, chunked")]), Some(400));
        assert_eq!(h1(&[("host", "a"), ("transfer-encoding", "chunked"), ("transfer-encoding", "chunked")]), Some(400));
        assert_eq!(status(Version::HTTP_2, "GET", "https://a.example/", &[("host", "b.example")]), Some(400));
        assert_eq!(status(Version::HTTP_11, "TRACE", "/", &[("host", "a")]), Some(405));
        assert_eq!(status(Version::HTTP_2, "GET", "https://a.example/", &[("x", "1"); 101]), Some(431));
    }
}
