//! Taking Korean and English text apart into what is searched for.
//!
//! A word of Latin letters is known by its stem ("running" is "run"). A Korean word carries particles
//! at its end ("러스트로", "러스트는"), and words are joined freely, so it is known three ways: as it
//! stands, without its particle, and by every part of two to four syllables, which find any part of it.

use std::{borrow::Cow, ops::RangeInclusive};

use frostem::{Algorithm, Stemmer};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Longer runs are no words anybody searches for.
const MAX_WORD: usize = 64;

/// What a word is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    /// Letters and digits of scripts that part words by blanks.
    Alphabetic,
    /// Korean syllables.
    Hangul,
    /// Chinese characters and kana: no blanks between words.
    Ideographic,
}

/// A word where it stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word<'a> {
    /// As written.
    pub(super) text: &'a str,
    /// Offset in bytes.
    pub(super) start: usize,
    pub(super) script: Script,
}

/// What a word is known by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Forms {
    /// In one spelling: lower case, without accents.
    pub(super) whole: String,
    /// Its stem, or what is left without the particle; none when that is the same.
    pub(super) root: Option<String>,
}

impl Forms {
    pub(super) fn root(&self) -> &str {
        self.root.as_deref().unwrap_or(&self.whole)
    }
}

/// Particles, the longest first among those that end alike.
const PARTICLES: &[&str] = &[
    "으로부터",
    "에서부터",
    "이라든지",
    "으로써",
    "으로서",
    "에게서",
    "한테서",
    "이라도",
    "이라는",
    "이라고",
    "까지도",
    "만으로",
    "에서는",
    "에서도",
    "에서의",
    "으로는",
    "으로도",
    "으로의",
    "부터는",
    "까지는",
    "에게는",
    "입니다",
    "이라면",
    "로부터",
    "에서",
    "에게",
    "한테",
    "께서",
    "으로",
    "로써",
    "로서",
    "부터",
    "까지",
    "마다",
    "처럼",
    "보다",
    "만큼",
    "조차",
    "마저",
    "이나",
    "이란",
    "라고",
    "라는",
    "라도",
    "라면",
    "에는",
    "에도",
    "에의",
    "와는",
    "과는",
    "와의",
    "과의",
    "로는",
    "로도",
    "로의",
    "만은",
    "만을",
    "만의",
    "하고",
    "이며",
    "이고",
    "이다",
    "이랑",
    "은",
    "는",
    "을",
    "를",
    "에",
    "의",
    "와",
    "과",
    "도",
    "로",
    "만",
    "이",
    "가",
    "나",
    "랑",
];

/// Particles that end many nouns as well: "고양이" is a cat, whole.
const DOUBTFUL: &[&str] =
    &["이", "가", "나", "만", "도", "로", "의", "랑", "이나", "하고", "보다", "이란", "에도", "이고"];

/// The words of a text (NFC), in order.
pub(super) fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut rest = 0;
    let mut after: Option<(usize, Script)> = None;
    std::iter::from_fn(move || {
        loop {
            let word = next(text, &mut rest)?;
            let joined = after == Some((word.start, Script::Alphabetic));
            after = Some((word.start + word.text.len(), word.script));
            // "Rust로": the particle of a foreign word says nothing.
            if joined && word.script == Script::Hangul && PARTICLES.contains(&word.text) {
                continue;
            }
            if word.text.len() <= MAX_WORD * 3 {
                return Some(word);
            }
        }
    })
}

fn next<'a>(text: &'a str, rest: &mut usize) -> Option<Word<'a>> {
    let mut start = None;
    let mut end = text.len();
    for (at, c) in text[*rest..].char_indices() {
        let at = *rest + at;
        let belongs = match start {
            None => {
                if let Some(script) = script(c) {
                    start = Some((at, script));
                }
                continue;
            }
            Some((start, script)) => continues(text, start, script, at, c),
        };
        if !belongs {
            end = at;
            break;
        }
    }
    let (start, script) = start?;
    *rest = end;
    let word = text[start..end].trim_end_matches(['\'', '’']);
    Some(Word { text: word, start, script })
}

fn continues(text: &str, start: usize, script: Script, at: usize, c: char) -> bool {
    match self::script(c) {
        Some(other) => other == script,
        None if script != Script::Alphabetic => false,
        // "don't", "C++", "C#".
        None => {
            is_combining_mark(c)
                || (matches!(c, '\'' | '’') && text[at..].chars().nth(1).is_some_and(char::is_alphabetic))
                || (matches!(c, '+' | '#') && text[start..at].trim_end_matches(['+', '#']).len() == 1)
        }
    }
}

fn script(c: char) -> Option<Script> {
    match c {
        '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' => Some(Script::Hangul),
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => {
            Some(Script::Ideographic)
        }
        c if c.is_alphanumeric() => Some(Script::Alphabetic),
        _ => None,
    }
}

/// What `word` is known by.
pub(super) fn forms(word: Word<'_>) -> Forms {
    match word.script {
        Script::Alphabetic => {
            let whole = folded(word.text);
            let stem = Stemmer::new(Algorithm::English).stem(&whole).into_owned();
            Forms { root: (stem != whole && !stem.is_empty()).then_some(stem), whole }
        }
        Script::Hangul => {
            let root = particle(word.text).map(|particle| word.text[..word.text.len() - particle.len()].to_owned());
            Forms { whole: word.text.to_owned(), root }
        }
        Script::Ideographic => Forms { whole: word.text.to_owned(), root: None },
    }
}

/// Lower case, without accents and apostrophes.
pub(super) fn folded(text: &str) -> String {
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return text.to_ascii_lowercase();
    }
    let plain = |c: &char| !is_combining_mark(*c) && !matches!(c, '\'' | '’');
    text.nfkd().filter(plain).flat_map(char::to_lowercase).filter(plain).collect()
}

/// The particle at the end of a Korean word, when something is left before it.
fn particle(word: &str) -> Option<&'static str> {
    PARTICLES.iter().copied().find(|particle| word.len() > particle.len() && word.ends_with(particle))
}

/// Whether the root of a Korean word is surely one.
pub(super) fn root_is_sure(word: &str) -> bool {
    particle(word).is_some_and(|particle| !DOUBTFUL.contains(&particle))
}

/// Characters of the shortest and of the longest part of a word that is a term.
const PART: RangeInclusive<usize> = 2..=4;

/// Every part of a word that is a term.
pub(super) fn parts(word: &str) -> impl Iterator<Item = &str> {
    PART.flat_map(|size| stretches(word, size))
}

/// The terms of any word that has `part` in it: it alone or, where it is longer than a term, all of its stretches. A
/// word that has those without having it is hardly ever met. None for a single character, which is found as a word.
pub(super) fn terms_of(part: &str) -> Vec<&str> {
    let size = part.chars().count().min(*PART.end());
    if size < *PART.start() { Vec::new() } else { stretches(part, size).collect() }
}

/// Every so many neighbouring characters.
fn stretches(text: &str, size: usize) -> impl Iterator<Item = &str> {
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]).skip(size);
    text.char_indices().zip(ends).map(|((start, _), end)| &text[start..end])
}

/// The text in the form that all of this expects: composed syllables.
pub(super) fn composed(text: &str) -> Cow<'_, str> {
    if unicode_normalization::is_nfc(text) { text.into() } else { text.nfc().collect::<String>().into() }
}

#[cfg(test)]
mod tests {
    use super::{Script, forms, parts, root_is_sure, terms_of, words};

    fn roots(text: &str) -> Vec<String> {
        words(text).map(|word| forms(word).root().to_owned()).collect()
    }

    #[test]
    fn korean_words_lose_their_particles() {
        assert_eq!(
            roots("러스트로 서버를 만들었다, 러스트는 빠르다."),
            ["러스트", "서버", "만들었다", "러스트", "빠르다"]
        );
        assert_eq!(roots("데이터베이스에서는 사람으로부터"), ["데이터베이스", "사람"]);
        // A particle alone is a word.
        assert_eq!(roots("로 은"), ["로", "은"]);
        assert!(root_is_sure("러스트를") && !root_is_sure("고양이") && !root_is_sure("러스트"));
    }

    #[test]
    fn mixed_words_part_where_the_script_changes() {
        assert_eq!(
            roots("Rust로 WebAssembly를 2026년에 axum서버"),
            ["rust", "webassembl", "2026", "년", "axum", "서버"]
        );
        let parts: Vec<_> = words("Rust로 한글API").map(|word| (word.text, word.script)).collect();
        assert_eq!(parts, [("Rust", Script::Alphabetic), ("한글", Script::Hangul), ("API", Script::Alphabetic)]);
    }

    #[test]
    fn english_words_have_stems() {
        assert_eq!(
            roots("Running servers, don't Café's C++ C# snake_case 東京"),
            ["run", "server", "dont", "cafe", "c++", "c#", "snake", "case", "東京"]
        );
    }

    #[test]
    fn parts_overlap() {
        assert_eq!(parts("러스트로").collect::<Vec<_>>(), ["러스", "스트", "트로", "러스트", "스트로", "러스트로"]);
        assert_eq!(parts("집").count() + parts("").count(), 0);
        assert_eq!(terms_of("스트"), ["스트"]);
        assert_eq!(terms_of("데이터베이스"), ["데이터베", "이터베이", "터베이스"]);
        assert!(terms_of("집").is_empty());
    }

    #[test]
    fn offsets_are_those_of_the_text() {
        let text = "«École» 러스트로!";
        for word in words(text) {
            assert_eq!(&text[word.start..word.start + word.text.len()], word.text);
        }
    }
}
