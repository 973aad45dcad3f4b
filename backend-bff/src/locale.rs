//! The visitor's language: that of their account or what they chose, else what their browser asks for, else English.

use contracts::auth::Me;
use http::{HeaderMap, HeaderValue, header};

use crate::cookies;

/// Name of the cookie that keeps the choice.
const COOKIE: &str = "locale";
const YEAR: i64 = 365 * 24 * 3600;

/// The cookie that keeps the choice: `ko` or `en`.
pub(crate) fn cookie(locale: &'static str, secure: bool) -> HeaderValue {
    cookies::set(COOKIE, locale, YEAR, secure)
}

/// The cookie that takes the choice back.
pub(crate) fn forget(secure: bool) -> HeaderValue {
    cookies::clear(COOKIE, secure)
}

/// The same for who signs in: the language of their account goes before what this browser had. None for an account
/// without one.
pub(crate) fn cookie_of(account: &Me, secure: bool) -> Option<HeaderValue> {
    let locale = account.locale.as_deref().and_then(known)?;
    Some(cookie(locale, secure))
}

/// `ko` or `en`.
pub(crate) fn of(headers: &HeaderMap) -> &'static str {
    if let Some(chosen) = cookies::get(headers, COOKIE).and_then(known) {
        return chosen;
    }
    headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).and_then(preferred).unwrap_or("en")
}

/// The language of that tag, when Maru speaks it.
pub(crate) fn known(tag: &str) -> Option<&'static str> {
    match tag.split('-').next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "ko" => Some("ko"),
        "en" => Some("en"),
        _ => None,
    }
}

fn preferred(accept: &str) -> Option<&'static str> {
    accept
        .split(',')
        .filter_map(|range| {
            let mut parts = range.split(';');
            let language = known(parts.next()?.trim())?;
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(Some(1.0), |q| q.parse().ok())?;
            (weight > 0.0).then_some((language, weight))
        })
        // Of equal weights the first wins.
        .fold(None, |best: Option<(&str, f32)>, next| match best {
            Some(best) if best.1 >= next.1 => Some(best),
            _ => Some(next),
        })
        .map(|(language, _)| language)
}

#[cfg(test)]
mod tests {
    use super::preferred;

    #[test]
    fn the_heaviest_known_language_wins() {
        assert_eq!(preferred("ko-KR,ko;q=0.9,en;q=0.8"), Some("ko"));
        assert_eq!(preferred("en-GB,ko;q=0.9"), Some("en"));
        assert_eq!(preferred("fr,ko;q=0.2,en;q=0.7"), Some("en"));
        assert_eq!(preferred("ko;q=0,en;q=0.1"), Some("en"));
        assert_eq!(preferred("fr, *"), None);
        assert_eq!(preferred("ko;q=nonsense"), None);
    }
}
