//! Where a request comes from.

use std::{convert::Infallible, net::IpAddr};

use axum::extract::FromRequestParts;
use http::request::Parts;

/// Address of the client, as the gateway says in `x-forwarded-for`. Services answer to the gateway
/// alone, which overwrites what a client sent; none when it says nothing.
#[derive(Clone, Debug)]
pub(super) struct Address(pub(super) Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let header = parts.headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
        let first = header.and_then(|value| value.split(',').next()).map(str::trim);
        Ok(Self(first.and_then(|address| address.parse::<IpAddr>().ok()).map(|address| address.to_string())))
    }
}

impl Address {
    pub(super) fn as_deref(&self) -> Option<&str> {
        self.0.as_deref()
    }
}
