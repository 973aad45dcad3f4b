//! What makes a page another one: its path, the query keys that its module's manifest names, the language.

use std::borrow::Cow;

use crate::{
    paths,
    registry::{Live, LiveVersion},
};

/// A page that is the same for everybody who is nobody in particular.
#[derive(Debug)]
pub(crate) struct Shared<'a> {
    /// One spelling of all that mean the same, percent-encoded.
    pub(crate) path: Cow<'a, str>,
    /// The pairs that the page depends on, in one order.
    pub(crate) query: String,
    pub(crate) key: String,
}

impl<'a> Shared<'a> {
    /// The page at that path, when everybody may see what an area answers there.
    pub(crate) fn at(live: &Live, path: &'a str, query: &str, locale: &str) -> Option<Self> {
        let decoded = paths::decode(path).ok()?;
        let (claim, _): (_, &std::sync::Arc<LiveVersion>) = live.claim(&decoded)?;
        let slash = decoded.len() > 1 && decoded.ends_with('/');
        if claim.role.is_some() || slash {
            return None;
        }
        let path = if is_plain(path) {
            Cow::Borrowed(path)
        } else {
            Cow::Owned(decoded.split('/').map(paths::encode_segment).collect::<Vec<_>>().join("/"))
        };
        let query = named(query, &claim.query);
        let key = key(locale, &path, &query);
        Some(Self { path, query, key })
    }
}

/// Key of a page that [`Shared::at`] would find, when the request says so without further thought.
pub(super) fn plain_key(path: &str, locale: &str) -> Option<String> {
    is_plain(path).then(|| key(locale, path, ""))
}

/// Key of a file that is no document and has no language.
pub(crate) fn shared_file(path: &str) -> String {
    key("-", path, "")
}

fn key(locale: &str, path: &str, query: &str) -> String {
    if query.is_empty() { [locale, " ", path].concat() } else { [locale, " ", path, "?", query].concat() }
}

/// The path in a key.
pub(super) fn path_of(key: &str) -> &str {
    let rest = key.split_once(' ').map_or(key, |(_, rest)| rest);
    rest.split_once('?').map_or(rest, |(path, _)| path)
}

/// Whether nothing in a path is encoded, or would have to be.
fn is_plain(path: &str) -> bool {
    path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte))
}

/// Those pairs of a query whose keys are named, each once, in the order of the names, without empty ones.
pub(crate) fn named(query: &str, names: &[String]) -> String {
    if query.is_empty() || names.is_empty() {
        return String::new();
    }
    let given: Vec<(Cow<'_, str>, Cow<'_, str>)> = url::form_urlencoded::parse(query.as_bytes()).collect();
    let mut out = url::form_urlencoded::Serializer::new(String::new());
    for name in names {
        let value = given.iter().find(|(key, _)| key == name).map(|(_, value)| value);
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            out.append_pair(name, value);
        }
    }
    out.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_named_pairs_stay_in_one_order() {
        let names = ["page".to_owned(), "sort".to_owned()];
        assert_eq!(named("utm_source=x&sort=liked&page=2&page=3", &names), "page=2&sort=liked");
        assert_eq!(named("page=&fbclid=1", &names), "");
        assert_eq!(named("page=a%20b", &names), named("page=a+b", &names));
        assert_eq!(named("page=2", &[]), "");
    }

    #[test]
    fn a_key_says_its_path() {
        assert_eq!(path_of(&key("en", "/posts", "page=2")), "/posts");
        assert_eq!(path_of(&shared_file("/feed.xml")), "/feed.xml");
        assert_eq!(plain_key("/posts/a%20b", "en"), None);
        assert_eq!(plain_key("/posts", "ko").as_deref(), Some("ko /posts"));
    }
}
