//! Who calls, as the gateway says.

use std::{convert::Infallible, net::IpAddr};

use axum::extract::FromRequestParts;
use http::{HeaderName, header, request::Parts};

use crate::domain::bots;

/// Address of the client. Services answer to the gateway alone, which overwrites what a client sent.
const ADDRESS: HeaderName = HeaderName::from_static("x-client-address");
/// ISO code of the client's country, where the gateway's own front end tells it.
const COUNTRY: HeaderName = HeaderName::from_static("x-client-country");

/// What a request says of its client.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) address: Option<IpAddr>,
    pub(super) user_agent: String,
    pub(super) country: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let text = |name: HeaderName| {
            let value = parts.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
            // One more than the longest tells that it is too long.
            value.map(|value| value.chars().take(bots::LONGEST + 1).collect::<String>()).unwrap_or_default()
        };
        Ok(Self {
            address: text(ADDRESS).trim().parse().ok(),
            user_agent: text(header::USER_AGENT),
            country: text(COUNTRY),
        })
    }
}
