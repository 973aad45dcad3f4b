//! Who asks, found out once per request.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use contracts::module::Viewer;
use http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts};

use super::Session;
use crate::{backend::Backend, cookies, locale};

/// Who asks. Handlers get it as an extractor; without the layer it is a guest.
#[derive(Clone, Default)]
pub(crate) struct Visitor(Option<Arc<Known>>);

struct Known {
    session: Option<Arc<Session>>,
    viewer: Option<Viewer>,
    authorization: Option<HeaderValue>,
    locale: &'static str,
    address: Option<IpAddr>,
    request_id: Option<HeaderValue>,
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

impl Visitor {
    pub(crate) fn session(&self) -> Option<&Arc<Session>> {
        self.0.as_ref()?.session.as_ref()
    }

    /// A signed-in browser's user.
    pub(crate) fn viewer(&self) -> Option<&Viewer> {
        self.0.as_ref()?.viewer.as_ref()
    }

    /// What services are shown on the visitor's behalf.
    pub(crate) fn authorization(&self) -> Option<&HeaderValue> {
        self.0.as_ref()?.authorization.as_ref()
    }

    pub(crate) fn locale(&self) -> &'static str {
        self.0.as_ref().map_or("en", |known| known.locale)
    }

    /// Headers by which services recognise the request and the client.
    pub(crate) fn trail(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let Some(known) = &self.0 else { return headers };
        if let Some(id) = &known.request_id {
            headers.insert(REQUEST_ID, id.clone());
        }
        let address = known.address.and_then(|address| HeaderValue::from_str(&address.to_string()).ok());
        if let Some(address) = address {
            headers.insert(FORWARDED_FOR, address);
        }
        headers
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// Puts the [`Visitor`] into the request's extensions. A bearer token goes before a session.
pub(crate) async fn identify(State(backend): State<Arc<Backend>>, mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let given = bearer(headers).cloned();
    let cookie = cookies::get(headers, backend.sessions.cookie_name());
    let mut ended = false;
    let session = match cookie.filter(|_| given.is_none()) {
        None => None,
        Some(id) => match backend.sessions.find(id).await {
            Ok(session) => {
                ended = session.is_none();
                session
            }
            // Who only reads is a guest while the auth service is away; the session stays.
            Err(_) if request.method().is_safe() => None,
            Err(error) => return error.into_response(),
        },
    };
    let state = session.as_ref().map(|session| session.state());
    let known = Known {
        locale: locale::of(headers),
        request_id: headers.get(REQUEST_ID).cloned(),
        address: request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip()),
        authorization: given.or_else(|| state.as_ref().map(|state| state.authorization.clone())),
        viewer: state.map(|state| state.viewer),
        session,
    };
    request.extensions_mut().insert(Visitor(Some(Arc::new(known))));
    let mut response = next.run(request).await;
    if ended && !response.headers().contains_key(header::SET_COOKIE) {
        response.headers_mut().append(header::SET_COOKIE, backend.sessions.removal());
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    response
}

/// The access token of a client that has one.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&HeaderValue> {
    let scheme = |value: &HeaderValue| Some(value.to_str().ok()?.get(..7)?.eq_ignore_ascii_case("bearer "));
    headers.get(header::AUTHORIZATION).filter(|value| scheme(value) == Some(true))
}
