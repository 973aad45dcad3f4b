//! Text that can stand in a URL.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Longest slug, in characters.
const MAX_CHARS: usize = 80;

/// Makes a slug of any text: lower case, letters and digits of every script, `-` for the rest.
/// Hangul stays Hangul. Empty when the text has no letter and no digit.
pub fn slugify(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    let mut count = 0;
    for c in text.nfc().flat_map(char::to_lowercase).nfc() {
        if c.is_alphanumeric() || (is_combining_mark(c) && !slug.is_empty() && !slug.ends_with('-')) {
            slug.push(c);
            count += 1;
        } else if !slug.is_empty() && !slug.ends_with('-') && c != '\'' && c != '’' {
            slug.push('-');
            count += 1;
        }
        if count >= MAX_CHARS {
            break;
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

#[cfg(test)]
mod tests {
    use super::slugify;

    #[test]
    fn keeps_letters_of_every_script() {
        assert_eq!(slugify("Hello, World!"), "hello-world");
        assert_eq!(slugify("  마루 소개 — 2026 "), "마루-소개-2026");
        assert_eq!(slugify("Rust 1.94.1"), "rust-1-94-1");
        assert_eq!(slugify("What's new"), "whats-new");
        assert_eq!(slugify("ÉCOLE"), "école");
        assert_eq!(slugify("🦀🦀"), "");
        assert_eq!(slugify("../../etc"), "etc");
    }

    #[test]
    fn decomposed_hangul_is_composed() {
        assert_eq!(slugify("\u{1106}\u{1161}\u{1105}\u{116e}"), "마루");
    }

    #[test]
    fn is_idempotent_and_bounded() {
        let long = slugify(&"긴 제목 ".repeat(50));
        assert!(long.chars().count() <= 80);
        for text in ["İstanbul", "ǅ x", "a--b", "ß", &long] {
            assert_eq!(slugify(&slugify(text)), slugify(text), "{text}");
        }
    }
}
