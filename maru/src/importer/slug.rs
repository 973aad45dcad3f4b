//! Readable slugs and tidy old paths.

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;

/// The last part of a post's URL, made from the last segment of `text`: letters and digits of any
/// script in lower case, words joined by `-`.
pub(super) fn slug(text: &str) -> String {
    let last = text.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let last = last.strip_suffix(".html").unwrap_or(last);
    let decoded: String = percent_decode_str(last).decode_utf8_lossy().nfc().collect();
    let mut slug = String::with_capacity(decoded.len());
    for character in decoded.chars() {
        match character {
            // Inside a word: `don't` is one.
            '\'' | '’' => {}
            _ if character.is_alphanumeric() => slug.extend(character.to_lowercase()),
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    let slug = slug.trim_end_matches('-');
    slug.chars().take(80).collect::<String>().trim_end_matches('-').to_owned()
}

/// An old address as redirects are looked up: `/a/b`, without host, query, `index.html` or a slash
/// at the end. None for the home page and for addresses that are not paths.
pub(super) fn old_path(text: &str) -> Option<String> {
    let path = match url::Url::parse(text) {
        Ok(url) if url.has_host() => url.path().to_owned(),
        Ok(_) => return None,
        Err(_) => text.to_owned(),
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = path.strip_suffix("index.html").unwrap_or(path);
    let decoded = percent_decode_str(path.trim_matches('/')).decode_utf8().ok()?.nfc().collect::<String>();
    (!decoded.is_empty()).then(|| format!("/{decoded}"))
}

/// `inside-rust` → `Inside Rust`.
pub(super) fn title_case(folder: &str) -> String {
    let words = folder.split(['-', '_', ' ']).filter(|word| !word.is_empty()).map(|word| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_stay_readable() {
        for (text, expected) in [
            ("2019/11/07/Async-await-stable", "async-await-stable"),
            ("inside-rust/2021/07/26/1.54.0-prerelease/", "1-54-0-prerelease"),
            ("/blog/What%27s%20new.html", "whats-new"),
            ("한옥의 마루", "한옥의-마루"),
            ("한옥", "한옥"),
            ("__a  b__", "a-b"),
            ("Ünï-cödé 🦀", "ünï-cödé"),
            ("🦀", ""),
            ("", ""),
        ] {
            assert_eq!(slug(text), expected, "{text}");
        }
        assert!(slug(&"a-".repeat(200)).len() <= 80);
    }

    #[test]
    fn old_paths_lose_what_does_not_matter() {
        for (text, expected) in [
            ("2019/11/07/Async.html", Some("/2019/11/07/Async.html")),
            ("/a/b/", Some("/a/b")),
            ("/a/index.html", Some("/a")),
            ("https://old.example/a/?b#c", Some("/a")),
            ("/%ED%95%9C/", Some("/한")),
            ("/", None),
            ("mailto:a@b.c", None),
        ] {
            assert_eq!(old_path(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn folders_become_names() {
        assert_eq!(title_case("inside-rust"), "Inside Rust");
        assert_eq!(title_case("한옥_이야기"), "한옥 이야기");
    }
}
