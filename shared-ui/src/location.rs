//! Where the visitor is.

/// A location: what routes are matched on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    path: String,
    query: String,
}

impl Location {
    /// From a path and a query without `?`, both percent-encoded.
    pub fn new(path: &str, query: &str) -> Self {
        Self { path: path.to_owned(), query: query.to_owned() }
    }

    /// From a URL on this site: path, query, perhaps a fragment.
    pub fn parse(url: &str) -> Self {
        let url = url.split('#').next().unwrap_or_default();
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        Self::new(path, query)
    }

    /// The path, percent-encoded.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query without `?`, percent-encoded.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// The segments of the path, decoded. Empty ones are left out, so a trailing slash changes nothing.
    pub fn segments(&self) -> Vec<String> {
        self.path.split('/').filter(|segment| !segment.is_empty()).map(decode).collect()
    }

    /// The first value of a query key, decoded.
    pub fn query_value(&self, key: &str) -> Option<String> {
        self.query.split('&').find_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name) == key).then(|| decode(&value.replace('+', " ")))
        })
    }

    /// The `page` of a list: from 1; anything that is no such number is 1.
    pub fn page_number(&self) -> u32 {
        self.query_value("page").and_then(|page| page.parse().ok()).filter(|page| *page > 0).unwrap_or(1)
    }
}

/// Decodes percent-encoding. What is no valid UTF-8 is replaced, never refused.
pub fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%').then(|| hex(bytes.get(at + 1)).zip(hex(bytes.get(at + 2)))).flatten();
        if let Some((high, low)) = escape {
            decoded.push(high * 16 + low);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn hex(digit: Option<&u8>) -> Option<u8> {
    match digit? {
        digit @ b'0'..=b'9' => Some(digit - b'0'),
        digit @ b'a'..=b'f' => Some(digit - b'a' + 10),
        digit @ b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// Percent-encodes one path segment or query value.
pub fn encode(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(DIGITS[usize::from(byte >> 4)]));
            encoded.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_decoded_and_odd_input_is_kept() {
        assert_eq!(Location::parse("/posts/%EB%A7%88%EB%A3%A8/?page=2#x").segments(), ["posts", "마루"]);
        assert_eq!(Location::parse("/a%2Fb/100%/%zz").segments(), ["a/b", "100%", "%zz"]);
        assert!(Location::parse("/").segments().is_empty());
    }

    #[test]
    fn query_values_are_found_whatever_their_encoding() {
        let location = Location::parse("/posts?q=a+b%26c&page=3&empty");
        assert_eq!(location.query_value("q").as_deref(), Some("a b&c"));
        assert_eq!(location.query_value("empty").as_deref(), Some(""));
        assert_eq!(location.query_value("none"), None);
        assert_eq!(location.page_number(), 3);
        assert_eq!(Location::parse("/posts?page=-1").page_number(), 1);
    }

    #[test]
    fn encoding_comes_back() {
        assert_eq!(encode("마 루/?&"), "%EB%A7%88%20%EB%A3%A8%2F%3F%26");
        assert_eq!(decode(&encode("마 루/?&%")), "마 루/?&%");
    }
}
