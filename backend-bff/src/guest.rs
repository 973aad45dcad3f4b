//! Guests who wrote or liked something here: a cookie by which they see what is theirs.

use contracts::content::WRITER_TOKEN;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::cookies;

/// Name of the cookie: the token that the content service gave, or [`ANYONE`].
pub(crate) const COOKIE: &str = "guest";
/// Somebody who did something, but has written nothing: the services know them by their address.
const ANYONE: &str = "-";
const YEAR: i64 = 365 * 24 * 3600;

/// What is known of a guest.
#[derive(Clone, Debug, Default)]
pub(crate) struct Guest {
    known: bool,
    token: Option<HeaderValue>,
}

impl Guest {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let Some(value) = cookies::get(headers, COOKIE).filter(|value| value.len() <= 512) else {
            return Self::default();
        };
        let token = Some(value).filter(|value| *value != ANYONE).and_then(|value| HeaderValue::from_str(value).ok());
        Self { known: true, token }
    }

    /// Whether they ever did something: pages are not the same for them as for others.
    pub(crate) fn is_known(&self) -> bool {
        self.known
    }

    /// The header by which the content service knows what they wrote.
    pub(crate) fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        self.token.clone().map(|token| (HeaderName::from_static(WRITER_TOKEN), token))
    }

    /// The cookie for a guest who just did something; none when they have it already.
    pub(crate) fn cookie(&self, token: Option<&str>, secure: bool) -> Option<HeaderValue> {
        match token {
            Some(token) if self.token.as_ref().is_none_or(|kept| kept.as_bytes() != token.as_bytes()) => {
                Some(cookies::set(COOKIE, token, YEAR, secure))
            }
            None if !self.known => Some(cookies::set(COOKIE, ANYONE, YEAR, secure)),
            _ => None,
        }
    }
}
