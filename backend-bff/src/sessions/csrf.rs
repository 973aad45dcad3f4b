//! Refuses changes that another site's page asks for. Cached pages can carry no token, so the
//! browser's own word is taken: `Sec-Fetch-Site`, else `Origin`.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use contracts::problem::Problem;
use http::HeaderMap;
use kit::ApiError;
use url::Url;

use crate::{
    backend::{self, Backend, Site},
    cookies, document, guest, locale,
};

pub(crate) async fn refuse_foreign(State(backend): State<Arc<Backend>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    // What a browser never adds by itself needs no such proof.
    let by_token = super::identify::bearer(headers).is_some();
    let with_cookie = cookies::get(headers, backend.sessions.cookie_name()).is_some();
    let rules = backend.rules.current();
    if request.method().is_safe()
        || by_token
        || is_own(headers, &backend.site, with_cookie)
        || rules.cors.trusts(headers)
        || (is_nobodys(&request, with_cookie) && rules.cors.names(headers))
    {
        return next.run(request).await;
    }
    let problem = Problem::new(403, "foreign_request", "This request does not come from a page of this site");
    let people = document::wants_page(headers).then(|| locale::of(headers));
    match people {
        Some(locale) => document::plain_page(&backend.site, locale, problem.status),
        None => ApiError::from(problem).into_response(),
    }
}

/// Whether the API is asked as anybody, with nothing by which a browser would be known. Forms are not the API: they sign
/// the browser in that sends them.
fn is_nobodys(request: &Request, with_session: bool) -> bool {
    let is_known = with_session || cookies::get(request.headers(), guest::COOKIE).is_some();
    !is_known && request.uri().path().starts_with("/api/")
}

/// Whether a page of ours asks. Without either header it is no browser, and carries no session unless it stole one.
fn is_own(headers: &HeaderMap, site: &Site, with_cookie: bool) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(from) = text("sec-fetch-site") {
        return from == "same-origin" || from == "none";
    }
    match text("origin") {
        Some(origin) if origin == site.origin => true,
        Some(origin) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            // Only by names of this machine: a foreign name can be made to lead here.
            site.loopback && host.is_some() && host == text("host") && host.is_some_and(is_loopback)
        }
        None => !with_cookie,
    }
}

fn is_loopback(host: &str) -> bool {
    let url = Url::parse(&format!("http://{host}"));
    url.is_ok_and(|url| backend::is_loopback(&url))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn own(pairs: &[(&'static str, &'static str)], loopback: bool, with_cookie: bool) -> bool {
        let headers = pairs
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        let origin = if loopback { "http://localhost:8080" } else { "https://maru.example" };
        let site = Site { name: String::new(), origin: origin.into(), secure: !loopback, loopback };
        is_own(&headers, &site, with_cookie)
    }

    #[test]
    fn only_our_own_pages_change_things() {
        assert!(own(&[("sec-fetch-site", "same-origin")], false, true));
        assert!(own(&[("sec-fetch-site", "none")], false, true));
        assert!(!own(&[("sec-fetch-site", "cross-site"), ("origin", "https://maru.example")], false, true));
        assert!(!own(&[("sec-fetch-site", "same-site")], false, true));
        assert!(own(&[("origin", "https://maru.example")], false, true));
        assert!(!own(&[("origin", "https://evil.example"), ("host", "evil.example")], false, true));
        assert!(!own(&[("origin", "null")], false, false));
        assert!(!own(&[], false, true));
        assert!(own(&[], false, false));
    }

    #[test]
    fn on_this_machine_any_of_its_names_will_do() {
        assert!(own(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")], true, true));
        assert!(!own(&[("origin", "http://evil.example"), ("host", "127.0.0.1:8080")], true, true));
        assert!(own(&[("origin", "http://[::1]:8080"), ("host", "[::1]:8080")], true, true));
        let rebound = [("origin", "http://evil.example:8080"), ("host", "evil.example:8080")];
        assert!(!own(&rebound, true, true), "a name that was made to lead to this machine");
    }
}
