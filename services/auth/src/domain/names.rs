//! When two names are the same to a reader.

use unicode_normalization::UnicodeNormalization;

/// A name as it is compared: compatibility forms made one (full width, ligatures), lower case, no
/// blanks or invisible characters.
pub(crate) fn key(name: &str) -> String {
    let visible = |c: &char| !c.is_whitespace() && !c.is_control() && !is_invisible(*c);
    name.nfkc().filter(visible).flat_map(char::to_lowercase).nfkc().collect()
}

/// Characters that format text and show nothing.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn names_that_look_the_same_are_the_same() {
        assert_eq!(key("Hong  Gildong"), key("honggildong"));
        assert_eq!(key("ＡＤＭＩＮ"), key("admin"));
        assert_eq!(key("ad\u{200b}min"), key("Admin"));
        assert_eq!(key("홍길동"), key("홍 길동"));
        assert_eq!(key("\u{1112}\u{1169}\u{11bc}"), key("홍"), "decomposed Hangul");
        assert_ne!(key("홍길동"), key("홍길순"));
    }
}
