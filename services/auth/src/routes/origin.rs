//! Where a request comes from.

use std::{convert::Infallible, net::IpAddr};

use axum::extract::FromRequestParts;
use http::{header, request::Parts};
use kit::ApiResult;

use crate::{
    app::App,
    domain::throttle::{self, ADDRESS},
};

const MAX_USER_AGENT: usize = 300;

/// Address of the client, as the gateway says in `x-forwarded-for` (services answer to the gateway
/// alone, which overwrites what a client sent), and what the client calls itself. None where nobody
/// says.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    address: Option<String>,
    /// Whose attempts count together with this one's.
    network: Option<String>,
    user_agent: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let first = text("x-forwarded-for").and_then(|value| value.split(',').next()).map(str::trim);
        let address = first.and_then(|address| address.parse::<IpAddr>().ok());
        let user_agent = text(header::USER_AGENT.as_str()).map(str::trim).filter(|name| !name.is_empty());
        Ok(Self {
            address: address.map(|address| address.to_string()),
            network: address.map(throttle::network),
            user_agent: user_agent.map(|name| name.chars().take(MAX_USER_AGENT).collect()),
        })
    }
}

impl Origin {
    pub(super) fn address(&self) -> Option<&str> {
        self.address.as_deref()
    }

    pub(super) fn user_agent(&self) -> Option<&str> {
        self.user_agent.as_deref()
    }

    /// Notes an attempt of this network; 429 when there were too many.
    pub(super) async fn attempt(&self, app: &App) -> ApiResult<()> {
        match &self.network {
            Some(network) => app.attempt(ADDRESS, network).await,
            None => Ok(()),
        }
    }
}
