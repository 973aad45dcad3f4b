//! Signing in elsewhere, for browsers: the tokens that the auth service gives stay here.
//!
//! Clients that ask for JSON talk to the auth service themselves, through the gateway.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::get,
};
use contracts::auth::{OidcDone, OidcStart};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use kit::{ApiResult, extract::Path};

use crate::{backend::Backend, cookies, document::FLASH, gateway, locale, paths, sessions::Visitor, upstream::Answer};

/// Keeps what binds the provider's answer to this browser.
const COOKIE: &str = "oidc";
const COOKIE_SECONDS: i64 = 600;
const FLASH_SECONDS: i64 = 60;
const BINDING: HeaderName = HeaderName::from_static("x-oidc-binding");

pub(crate) fn routes() -> Router<Arc<Backend>> {
    Router::new()
        .route("/api/auth/oidc/{provider}", get(start))
        .route("/api/auth/oidc/{provider}/callback", get(callback))
}

async fn start(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Path(provider): Path<String>,
    request: Request,
) -> ApiResult<Response> {
    if by_itself(request.headers()) {
        return gateway::pass(State(backend), visitor, request).await;
    }
    let path = format!("/api/auth/oidc/{}", paths::encode_segment(&provider));
    let answer = ask(&backend, &visitor, &path, request.uri().query(), None).await;
    let started = match answer.and_then(|answer| answer.json::<OidcStart>()) {
        Ok(started) => started,
        Err(error) => return Ok(refused(&backend, &error.problem().code)),
    };
    let secure = backend.site.secure;
    Ok(leave(&started.location, [cookies::set(COOKIE, &started.binding, COOKIE_SECONDS, secure)]))
}

async fn callback(
    State(backend): State<Arc<Backend>>,
    visitor: Visitor,
    Path(provider): Path<String>,
    request: Request,
) -> ApiResult<Response> {
    if by_itself(request.headers()) {
        return gateway::pass(State(backend), visitor, request).await;
    }
    let path = format!("/api/auth/oidc/{}/callback", paths::encode_segment(&provider));
    let binding = cookies::get(request.headers(), COOKIE).and_then(|binding| HeaderValue::from_str(binding).ok());
    let answer = ask(&backend, &visitor, &path, request.uri().query(), binding).await;
    let done = match answer.and_then(|answer| answer.json::<OidcDone>()) {
        Ok(done) => done,
        Err(error) => return Ok(refused(&backend, &error.problem().code)),
    };
    let secure = backend.site.secure;
    let flash = match (done.tokens.is_some(), done.registered) {
        (false, _) => "success:settings_saved",
        (true, true) => "success:registered",
        (true, false) => "success:signed_in",
    };
    let next = paths::encode_rest(&done.next);
    let next = if paths::is_same_site(&next) { next } else { "/".to_owned() };
    let cookies = [cookies::set(FLASH, flash, FLASH_SECONDS, secure), cookies::clear(COOKIE, secure)];
    let mut response = leave(&next, cookies);
    if let Some(tokens) = done.tokens {
        let locale = locale::cookie_of(&tokens.user, secure);
        // Nobody was asked whether to stay signed in, so the session ends with the browser.
        let session = backend.sessions.open(tokens, false, visitor.session().map(AsRef::as_ref)).await?;
        for cookie in [session].into_iter().chain(locale) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    Ok(response)
}

/// Whether it is no browser that asks.
fn by_itself(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    headers.contains_key(BINDING) || (accept.contains("application/json") && !accept.contains("text/html"))
}

async fn ask(
    backend: &Backend,
    visitor: &Visitor,
    path: &str,
    query: Option<&str>,
    binding: Option<HeaderValue>,
) -> ApiResult<Answer> {
    let mut headers = visitor.trail();
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    if let Some(binding) = binding {
        headers.insert(BINDING, binding);
    }
    let target = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    // The visitor's own token goes along, so that somebody signed in can link another way.
    backend.upstreams.auth.call(Method::GET, &target, visitor.authorization(), None, headers).await
}

/// Back to the sign-in, with a word about why.
fn refused(backend: &Backend, code: &str) -> Response {
    tracing::info!(code, "a sign-in elsewhere was refused");
    let secure = backend.site.secure;
    let flash = cookies::set(FLASH, "error:sign_in_failed", FLASH_SECONDS, secure);
    leave("/login", [flash, cookies::clear(COOKIE, secure)])
}

fn leave<const N: usize>(location: &str, cookies: [HeaderValue; N]) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if let Ok(location) = HeaderValue::from_str(location) {
        headers.insert(header::LOCATION, location);
    }
    for cookie in cookies {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}
