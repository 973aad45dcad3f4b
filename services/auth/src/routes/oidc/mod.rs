//! Signing in elsewhere.

pub(super) mod callback;
pub(super) mod google;
mod resolve;
pub(super) mod start;

use axum::http::HeaderMap;
use contracts::problem::Problem;
use http::header;
use kit::ApiError;

use crate::oidc::OidcError;

/// The header, and the cookie, that bind a sign-in to the browser that began it.
const BINDING_HEADER: &str = "x-oidc-binding";
const BINDING_COOKIE: &str = "maru-oidc";

/// What binds the request to a sign-in that began.
fn binding(headers: &HeaderMap) -> Option<&str> {
    let shown = headers.get(BINDING_HEADER).and_then(|value| value.to_str().ok());
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let cookie = cookies
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(name, value)| (name == BINDING_COOKIE).then_some(value));
    shown.or(cookie)
}

fn unknown_provider() -> Problem {
    Problem::not_found("sign-in provider")
}

/// 403 for what was refused, 502 for a provider that is away.
fn failed(provider: &str, error: &OidcError) -> ApiError {
    tracing::warn!(provider, cause = %error, "a sign-in elsewhere came to nothing");
    match error {
        OidcError::Refused(_) => sign_in_refused().into(),
        OidcError::Away(_) => Problem::new(502, "provider_away", "The sign-in provider is away")
            .with_detail("Try again in a moment, or sign in with your password.")
            .into(),
    }
}

fn sign_in_refused() -> Problem {
    Problem::new(403, "sign_in_refused", "The sign-in was refused").with_detail("Start again.")
}
