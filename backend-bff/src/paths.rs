//! What counts as a well-formed path, for documents, for reads out of the sandbox and for the gateway.
//!
//! One judge for all three, so that no two layers can disagree about what a path means.

use percent_encoding::percent_decode_str;

/// Why a path is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PathFault {
    #[error("a path starts with a slash")]
    Relative,
    #[error("a % is followed by two hexadecimal digits")]
    BadEscape,
    #[error("a path is UTF-8")]
    NotUtf8,
    #[error("a path has no control characters and no backslash")]
    Forbidden,
    #[error("a path has no empty segment")]
    EmptySegment,
    #[error("a path has no . or .. segment and no encoded slash")]
    Dots,
}

/// The decoded form of `path` (no query), when it means the same to everybody who reads it.
pub(crate) fn decode(path: &str) -> Result<String, PathFault> {
    if !path.starts_with('/') {
        return Err(PathFault::Relative);
    }
    if !escapes_are_whole(path) {
        return Err(PathFault::BadEscape);
    }
    let mut decoded = String::with_capacity(path.len());
    let mut segments = path[1..].split('/').peekable();
    while let Some(raw) = segments.next() {
        let segment = percent_decode_str(raw).decode_utf8().map_err(|_| PathFault::NotUtf8)?;
        if raw.is_empty() && segments.peek().is_some() {
            return Err(PathFault::EmptySegment);
        }
        if segment == "." || segment == ".." || segment.contains('/') {
            return Err(PathFault::Dots);
        }
        if segment.chars().any(|c| c.is_control() || c == '\\') {
            return Err(PathFault::Forbidden);
        }
        decoded.push('/');
        decoded.push_str(&segment);
    }
    Ok(decoded)
}

fn escapes_are_whole(path: &str) -> bool {
    let bytes = path.as_bytes();
    (0..bytes.len()).filter(|&at| bytes[at] == b'%').all(|at| {
        matches!((bytes.get(at + 1), bytes.get(at + 2)), (Some(a), Some(b)) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
    })
}

/// Whether `path` is `prefix` or lies below it, on whole segments.
pub(crate) fn is_under(path: &str, prefix: &str) -> bool {
    let prefix = prefix.trim_end_matches('/');
    path == prefix || path.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether a redirect to `target` stays on this site: an absolute path, nothing that a browser reads as an authority.
pub(crate) fn is_same_site(target: &str) -> bool {
    target.starts_with('/')
        && !target[1..].starts_with(['/', '\\'])
        && !target.chars().any(|c| c.is_control() || c == '\\' || c == ' ' || !c.is_ascii())
}

/// A URL whose characters beyond ASCII are percent-encoded; what is encoded already stays.
pub(crate) fn encode_rest(url: &str) -> String {
    percent_encoding::utf8_percent_encode(url, percent_encoding::CONTROLS).to_string()
}

/// One segment, percent-encoded for a path.
pub(crate) fn encode_segment(segment: &str) -> String {
    percent_encoding::utf8_percent_encode(segment, SEGMENT).to_string()
}

/// A value, percent-encoded for a query.
pub(crate) fn encode_query(value: &str) -> String {
    percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC).to_string()
}

const SEGMENT: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng, seq::IndexedRandom};

    #[test]
    fn ordinary_and_hangul_paths_pass() {
        assert_eq!(decode("/").as_deref(), Ok("/"));
        assert_eq!(decode("/posts/hello").as_deref(), Ok("/posts/hello"));
        assert_eq!(decode("/posts/%EB%A7%88%EB%A3%A8").as_deref(), Ok("/posts/마루"));
        assert_eq!(decode("/posts/").as_deref(), Ok("/posts/"));
    }

    #[test]
    fn each_trick_is_named() {
        for (path, fault) in [
            ("posts", PathFault::Relative),
            ("/a%", PathFault::BadEscape),
            ("/a%2", PathFault::BadEscape),
            ("/a%zz", PathFault::BadEscape),
            ("/%ff", PathFault::NotUtf8),
            ("/a%00", PathFault::Forbidden),
            ("/a%0d%0a", PathFault::Forbidden),
            ("/a%5cb", PathFault::Forbidden),
            ("//evil.example", PathFault::EmptySegment),
            ("/bff/pages/../../api", PathFault::Dots),
            ("/bff/pages/%2e%2e/x", PathFault::Dots),
            ("/bff/pages/a%2fb", PathFault::Dots),
        ] {
            assert_eq!(decode(path), Err(fault), "{path}");
        }
    }

    #[test]
    fn whatever_is_accepted_has_no_way_up_and_decodes_to_itself() {
        let pieces = [
            "/",
            "//",
            ".",
            "..",
            "%2e",
            "%2E",
            "%2f",
            "%5c",
            "\\",
            "%",
            "%00",
            "%25",
            "a",
            "마",
            "%eb%a7%88",
            "%ff",
            "?",
        ];
        let mut random = rand::rngs::StdRng::seed_from_u64(7);
        for _ in 0..20_000 {
            let length = random.random_range(0..8);
            let path: String = (0..length).filter_map(|_| pieces.choose(&mut random)).copied().collect();
            let Ok(decoded) = decode(&path) else { continue };
            assert!(decoded.starts_with('/'), "{path}");
            assert!(!decoded.contains("//") && !decoded.contains('\\'), "{path}");
            assert!(!decoded.split('/').any(|segment| segment == ".." || segment == "."), "{path}");
            assert_eq!(decoded.matches('/').count(), path.matches('/').count(), "{path}");
            let again: String = decoded.split('/').map(encode_segment).collect::<Vec<_>>().join("/");
            assert_eq!(decode(&again).as_deref(), Ok(decoded.as_str()), "{path}");
        }
    }

    #[test]
    fn redirects_stay_here() {
        assert!(is_same_site("/posts?page=2"));
        for outside in
            ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\r\nb", "javascript:alert(1)"]
        {
            assert!(!is_same_site(outside), "{outside}");
        }
    }

    #[test]
    fn prefixes_match_whole_segments() {
        assert!(is_under("/api/posts/x", "/api/posts"));
        assert!(is_under("/api/posts", "/api/posts/"));
        assert!(!is_under("/api/postscript", "/api/posts"));
    }
}
