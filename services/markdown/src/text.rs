//! What a text says, without its markup: excerpt, language, reading time.

use comrak::{
    arena_tree::NodeEdge,
    nodes::{Node, NodeValue},
};

const EXCERPT_CHARS: usize = 200;
const WORDS_PER_MINUTE: u32 = 220;
const CJK_CHARS_PER_MINUTE: u32 = 500;

/// A text twice: all of it, and only what reads as prose.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// Code and headings included.
    pub(super) all: String,
    /// Paragraphs outside tables, footnotes and headings, as long as the excerpt needs.
    pub(super) prose: String,
}

pub(super) fn read<'a>(root: Node<'a>) -> Text {
    let mut text = Text::default();
    // A walk without recursion: who nests a thousand quotes must not use up the stack.
    let mut outside = 0_usize;
    for edge in root.traverse() {
        match edge {
            NodeEdge::Start(node) => {
                let data = node.data();
                if ends_prose(&data.value) {
                    outside += 1;
                }
                add(&mut text, &data.value, outside == 0);
            }
            NodeEdge::End(node) => {
                let data = node.data();
                if data.value.block() {
                    push(&mut text, " ", outside == 0);
                }
                if ends_prose(&data.value) {
                    outside -= 1;
                }
            }
        }
    }
    text
}

fn ends_prose(value: &NodeValue) -> bool {
    matches!(
        value,
        NodeValue::Heading(_) | NodeValue::Table(_) | NodeValue::FootnoteDefinition(_) | NodeValue::Image(_)
    )
}

fn add(text: &mut Text, value: &NodeValue, prose: bool) {
    match value {
        NodeValue::Text(piece) => push(text, piece, prose),
        NodeValue::Code(code) => push(text, &code.literal, prose),
        NodeValue::Math(math) => push(text, &math.literal, prose),
        NodeValue::CodeBlock(code) => text.all.push_str(&code.literal),
        NodeValue::SoftBreak | NodeValue::LineBreak => push(text, " ", prose),
        _ => {}
    }
}

fn push(text: &mut Text, piece: &str, prose: bool) {
    text.all.push_str(piece);
    if prose && text.prose.len() < EXCERPT_CHARS * 8 {
        text.prose.push_str(piece);
    }
}

/// The beginning of the prose, cut where a word ends.
pub(super) fn excerpt(prose: &str) -> String {
    let plain = prose.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = plain.char_indices().nth(EXCERPT_CHARS) else { return plain };
    let cut = &plain[..end];
    let cut = cut.rfind(' ').filter(|space| *space > end / 2).map_or(cut, |space| &cut[..space]);
    format!("{}…", cut.trim_end_matches([',', ';', ':', '.', ' ']))
}

/// `ko` when a fair share of the letters is Hangul: Korean posts are full of English words, English
/// ones hardly hold Hangul.
pub(super) fn language(text: &str) -> &'static str {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let hangul = text.chars().filter(|c| is_hangul(*c)).count();
    if hangul * 5 > letters { "ko" } else { "en" }
}

/// Words for scripts that have them, characters for those that do not part words by spaces alone.
pub(super) fn reading_minutes(text: &str) -> u32 {
    let cjk = text.chars().filter(|c| is_cjk(*c)).count();
    let words = text
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric) && !word.chars().any(is_cjk))
        .count();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let seconds = count(words) * 60 / WORDS_PER_MINUTE + count(cjk) * 60 / CJK_CHARS_PER_MINUTE;
    seconds.div_ceil(60).max(1)
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}')
}

fn is_cjk(c: char) -> bool {
    is_hangul(c) || matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::{excerpt, language, reading_minutes};

    #[test]
    fn a_long_excerpt_ends_with_a_word() {
        let text = "word ".repeat(100);
        let excerpt = excerpt(&text);
        assert!(excerpt.ends_with("word…") && excerpt.chars().count() <= 201, "{excerpt}");
    }

    #[test]
    fn hangul_is_korean_even_among_english_words() {
        assert_eq!(language("Rust와 WebAssembly로 블로그를 만들었다"), "ko");
        assert_eq!(language("Maru (마루) means hall in Korean houses"), "en");
        assert_eq!(language(""), "en");
    }

    #[test]
    fn reading_time_counts_words_or_characters() {
        assert_eq!(reading_minutes(""), 1);
        assert_eq!(reading_minutes(&"word ".repeat(660)), 3);
        assert_eq!(reading_minutes(&"가나다라마 ".repeat(200)), 2);
    }
}
