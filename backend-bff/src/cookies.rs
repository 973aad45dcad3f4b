//! Reading and writing cookies.

use axum_extra::extract::cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue, header};

/// The value of the first cookie of that name.
pub(crate) fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// A `Set-Cookie` value: out of reach of scripts, and of other sites' posts.
pub(crate) fn set(name: &str, value: &str, seconds: i64, secure: bool) -> HeaderValue {
    keep(name, value, Some(seconds), secure)
}

/// The same; without `seconds` the browser forgets it when it is closed.
pub(crate) fn keep(name: &str, value: &str, seconds: Option<i64>, secure: bool) -> HeaderValue {
    let mut cookie =
        Cookie::build((name, value)).path("/").http_only(true).same_site(SameSite::Lax).secure(secure).build();
    cookie.set_max_age(seconds.map(time::Duration::seconds));
    HeaderValue::from_str(&cookie.to_string()).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// A `Set-Cookie` value that removes the cookie.
pub(crate) fn clear(name: &str, secure: bool) -> HeaderValue {
    set(name, "", 0, secure)
}
