//! Documents that are the same for everybody: made once, kept, given to all guests.

use std::sync::Arc;

use axum::response::Response;
use http::{HeaderMap, HeaderValue, Method, Uri, header};

use super::{
    FLASH,
    answer::{self, Page},
    render::{Ask, Documents, Outcome},
};
use crate::{
    cache::{Keeping, Kept, Shared, Sources},
    cookies,
    sessions::Visitor,
};

/// How long a page is kept in which something is missing.
const PARTIAL_SECONDS: u32 = 2;
/// So many tags, and so long ones, a module may give a page of its own accord.
const TAGS: usize = 16;
const TAG_LENGTH: usize = 200;

impl Documents {
    /// The answer to a visitor of whom nothing is known that could change the page. None for others, and where no
    /// area answers everybody.
    pub(super) async fn shared(
        self: &Arc<Self>,
        visitor: &Visitor,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Option<Response> {
        if visitor.is_personal() || cookies::get(headers, FLASH).is_some() {
            return None;
        }
        let live = self.backend.registry.live();
        let locale = visitor.locale();
        let Shared { path, query, key } = Shared::at(&live, uri.path(), uri.query().unwrap_or_default(), locale)?;
        let make = || {
            let documents = self.clone();
            let (path, release) = (path.into_owned(), live.release.clone());
            async move { documents.for_anybody(&path, &query, locale, release).await }
        };
        let kept = self.backend.cache.answer(&key, &live.release, make).await;
        Some(kept.respond(method, headers).await)
    }

    /// Renders without a viewer and without credentials: not for whoever happened to ask first.
    async fn for_anybody(&self, path: &str, query: &str, locale: &'static str, release: String) -> Kept {
        let (sources, made_at) = (Sources::default(), self.backend.clock.millis());
        let visitor = Visitor::anybody(locale);
        let ask = Ask { path, query, visitor: &visitor, form: None, flash: None, sources: sources.clone() };
        let mut document = match self.render(ask).await {
            Outcome::Document(document) => document,
            Outcome::Redirect { status, location } => return redirect(status, &location),
        };
        let (tags, partial) = sources.take();
        let failed = partial || (document.status == 200 && document.cache.is_none());
        if let Some(policy) = document.cache.as_mut().filter(|_| partial) {
            policy.max_age = policy.max_age.min(PARTIAL_SECONDS);
            policy.stale_while_revalidate = 0;
        }
        let policy = document.cache.clone();
        let policy = policy.filter(|policy| document.status == 200 && policy.public && policy.max_age > 0);
        let keeping = policy.map(|policy| {
            let own = policy.tags.into_iter().filter(|tag| tag.len() <= TAG_LENGTH).take(TAGS);
            let mut tags: Vec<String> = tags.into_iter().chain(own).collect();
            tags.sort_unstable();
            tags.dedup();
            Keeping {
                tags,
                release,
                made_at,
                fresh_ms: i64::from(policy.max_age) * 1000,
                stale_ms: i64::from(policy.stale_while_revalidate) * 1000,
            }
        });
        let Page { status, headers, html } = answer::page(document, false, None);
        let kept = Kept::new(status, headers, html, keeping);
        if failed { kept.failed() } else { kept }
    }
}

fn redirect(status: u16, location: &str) -> Kept {
    let response = answer::redirect(status, location);
    Kept::new(response.status(), response.headers().clone(), bytes::Bytes::new(), None)
}

/// What makes a request one of somebody: a cookie by which they are known, or credentials.
pub(crate) fn is_of_somebody(headers: &HeaderMap, session_cookie: &str) -> bool {
    headers.contains_key(header::AUTHORIZATION)
        || headers.get_all(header::COOKIE).iter().any(|value| names_somebody(value, session_cookie))
}

fn names_somebody(value: &HeaderValue, session_cookie: &str) -> bool {
    let Ok(cookies) = value.to_str() else { return true };
    cookies.split(';').any(|cookie| {
        let name = cookie.split('=').next().unwrap_or_default().trim();
        [session_cookie, crate::guest::COOKIE, FLASH].contains(&name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_by_which_somebody_is_known_makes_a_request_theirs() {
        let of = |cookie: &'static str| {
            let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(cookie))]);
            is_of_somebody(&headers, "__Host-maru")
        };
        assert!(of("locale=ko; __Host-maru=abc"));
        assert!(of("guest=-"));
        assert!(of("flash=success:saved"));
        assert!(!of("locale=ko; _ga=1; maru=x"));
        assert!(!is_of_somebody(&HeaderMap::new(), "maru"));
    }
}
