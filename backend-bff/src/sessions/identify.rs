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
use contracts::{content::CLIENT_ADDRESS, module::Viewer};
use http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts};

use super::Session;
use crate::{
    backend::Backend,
    cookies, document,
    guest::Guest,
    locale,
    upstream::{VISITOR_KEY, visitor_key},
};

/// Who asks. Handlers get it as an extractor; without the layer it is a guest.
#[derive(Clone, Default)]
pub(crate) struct Visitor(Option<Arc<Known>>);

#[derive(Default)]
struct Known {
    session: Option<Arc<Session>>,
    viewer: Option<Viewer>,
    /// Id of who brought a good access token.
    bearer: Option<String>,
    authorization: Option<HeaderValue>,
    locale: &'static str,
    address: Option<IpAddr>,
    country: Option<HeaderValue>,
    user_agent: Option<HeaderValue>,
    request_id: Option<HeaderValue>,
    guest: Guest,
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Services take these three from us alone; what a client sent under these names stays here.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const ADDRESS: HeaderName = HeaderName::from_static(CLIENT_ADDRESS);
const COUNTRY: HeaderName = HeaderName::from_static("x-client-country");

impl Visitor {
    /// Somebody of whom nothing is known but the language.
    pub(crate) fn anybody(locale: &'static str) -> Self {
        Self(Some(Arc::new(Known { locale, ..Known::default() })))
    }

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
            headers.insert(FORWARDED_FOR, address.clone());
            headers.insert(ADDRESS, address);
        }
        if let Some(country) = &known.country {
            headers.insert(COUNTRY, country.clone());
        }
        if let Some(user_agent) = &known.user_agent {
            headers.insert(header::USER_AGENT, user_agent.clone());
        }
        if let Some((name, token)) = known.guest.header() {
            headers.insert(name, token);
        }
        if let Some(key) = known.key() {
            headers.insert(VISITOR_KEY, HeaderValue::from(key));
        }
        headers
    }

    /// The same for what is only read. Pages are the same for all guests who did nothing here yet, so
    /// nothing tells these apart, and one answer will do for all who ask at once.
    pub(crate) fn reading_trail(&self) -> HeaderMap {
        let mut headers = self.trail();
        if !self.is_personal() {
            headers.remove(ADDRESS);
            headers.remove(FORWARDED_FOR);
            headers.remove(COUNTRY);
        }
        headers
    }

    /// Whom requests are counted for: who is signed in, else the network they come from.
    pub(crate) fn client(&self) -> String {
        let known = self.0.as_ref();
        let user = known.and_then(|known| known.bearer.as_deref().or(known.viewer.as_ref().map(|viewer| &*viewer.id)));
        user.map_or_else(|| self.network(), |user| format!("user {user}"))
    }

    /// The network they come from: an address, of IPv6 the part that one subscriber gets.
    pub(crate) fn network(&self) -> String {
        match self.0.as_ref().and_then(|known| known.address) {
            Some(IpAddr::V4(address)) => address.to_string(),
            Some(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}")
            }
            None => "unknown".to_owned(),
        }
    }

    /// The guest, if nobody is signed in.
    pub(crate) fn guest(&self) -> Option<&Guest> {
        let known = self.0.as_ref()?;
        known.authorization.is_none().then_some(&known.guest)
    }

    /// Whether what they see may differ from what anybody sees.
    pub(crate) fn is_personal(&self) -> bool {
        self.authorization().is_some() || self.guest().is_some_and(Guest::is_known)
    }
}

impl Visitor {
    /// Somebody whose request shows neither a token nor a session.
    pub(crate) fn unknown(backend: &Backend, request: &Request) -> Self {
        Self(Some(Arc::new(Known::of(backend, request))))
    }
}

impl Known {
    /// What a request tells beside tokens and sessions.
    fn of(backend: &Backend, request: &Request) -> Self {
        let headers = request.headers();
        let rules = backend.rules.current();
        let network = &rules.network;
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        Self {
            locale: locale::of(headers),
            request_id: headers.get(REQUEST_ID).cloned(),
            address: peer.map(|peer| network.client(peer, headers)),
            country: peer.and_then(|peer| network.country(peer, headers)),
            user_agent: headers.get(header::USER_AGENT).cloned(),
            guest: Guest::of(headers),
            bearer: None,
            authorization: None,
            viewer: None,
            session: None,
        }
    }

    /// What tells this visitor from others for as long as possible: the session, whose access token it is (tokens change
    /// every few minutes), what a guest's browser keeps, else where they come from.
    fn key(&self) -> Option<u64> {
        if let Some(session) = &self.session {
            return Some(visitor_key(session.key().as_bytes()));
        }
        if let Some(user) = &self.bearer {
            return Some(visitor_key(user.as_bytes()));
        }
        if let Some(authorization) = &self.authorization {
            return Some(visitor_key(authorization.as_bytes()));
        }
        if let Some((_, token)) = self.guest.header() {
            return Some(visitor_key(token.as_bytes()));
        }
        let user_agent = self.user_agent.as_ref().map(HeaderValue::as_bytes).unwrap_or_default();
        self.address.map(|address| visitor_key(&[address.to_string().as_bytes(), user_agent].concat()))
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
        Some(id) => match backend.sessions.find(id, request.method().is_safe()).await {
            Ok(session) => {
                ended = session.is_none();
                session
            }
            // Who only reads is a guest while the auth service is away; the session stays.
            Err(_) if request.method().is_safe() => None,
            Err(error) => {
                let people = document::wants_page(headers).then(|| locale::of(headers));
                let refused = error.into_response();
                return match people {
                    Some(locale) => document::for_people(&backend.site, locale, refused),
                    None => refused,
                };
            }
        },
    };
    let state = session.as_ref().map(|session| session.state());
    let known = Known {
        bearer: match &given {
            Some(given) => owner(&backend, given).await,
            None => None,
        },
        authorization: given.or_else(|| state.as_ref().map(|state| state.authorization.clone())),
        viewer: state.map(|state| state.viewer),
        session,
        ..Known::of(&backend, &request)
    };
    request.extensions_mut().insert(Visitor(Some(Arc::new(known))));
    let mut response = next.run(request).await;
    if ended && !response.headers().contains_key(header::SET_COOKIE) {
        response.headers_mut().append(header::SET_COOKIE, backend.sessions.removal());
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    response
}

/// Whose token that is, if it is good.
async fn owner(backend: &Backend, given: &HeaderValue) -> Option<String> {
    let token = given.to_str().ok()?.get(7..)?.trim();
    Some(backend.verifier.verify(token).await?.id().to_owned())
}

/// The access token of a client that has one.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&HeaderValue> {
    let scheme = |value: &HeaderValue| Some(value.to_str().ok()?.get(..7)?.eq_ignore_ascii_case("bearer "));
    headers.get(header::AUTHORIZATION).filter(|value| scheme(value) == Some(true))
}
