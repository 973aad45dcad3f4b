use proptest::{prelude::*, sample::select};

use super::*;
use crate::search::words::forms;

const WORDS: &[&str] = &[
    "Rust",
    "rust",
    "RUSTY",
    "trusting",
    "rusting",
    "sky",
    "skies",
    "dying",
    "die",
    "sensibility",
    "sensible",
    "don't",
    "doesn’t",
    "Café",
    "cafe",
    "ÉCOLE",
    "C++",
    "c#",
    "C",
    "러스트",
    "러스트로",
    "러스트는",
    "러스트로부터",
    "고양이",
    "고양을",
    "집",
    "집에",
    "Rust로",
    "한글API",
    "東京都",
    "京都",
    "Ａ",
    "x-ray",
    "snake_case",
    "2026년",
    "\u{a0}",
    "\n",
    "—",
    "…",
    "🦀",
];

/// As `query::read` would, but that nothing is known: words are near others and may grow as they are drawn.
fn asked(text: &str, near: Option<&str>, grows: bool) -> Vec<Asked> {
    let asked = |word: Word<'_>| Asked {
        typed: word.text.to_owned(),
        script: word.script,
        near: near.filter(|_| word.script == Script::Alphabetic).map(str::to_owned).into_iter().collect(),
        completions: if grows { vec![String::new()] } else { Vec::new() },
        forms: forms(word),
    };
    words::words(text).map(asked).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    /// Looking only near where something may be finds what looking at every word finds.
    #[test]
    fn nothing_is_passed_over(
        text in prop::collection::vec((select(WORDS), select(&[" ", "", ", ", "("][..])), 0..40),
        question in prop::collection::vec(select(WORDS), 1..3),
        near in prop::option::of(select(WORDS)),
        grows in any::<bool>(),
    ) {
        let text: String = text.into_iter().flat_map(|(word, gap)| [word, gap]).collect();
        let mut marker = Marker::new(&asked(&question.join(" "), near, grows));
        let mut plain = Marker { places: None, ..Marker::new(&asked(&question.join(" "), near, grows)) };
        for found in [Found::all, || Found::enough(2)] {
            prop_assert_eq!(marker.marks(&text, found()), plain.marks(&text, found()), "{:?} in {:?}", question, text);
        }
    }
}

#[test]
fn what_begins_within_a_word_hides_nothing() {
    let marks = |question, near, text| Marker::new(&asked(question, near, false)).marks(text, Found::all());
    // "ray" may begin in the midst of a word that begins before.
    assert_eq!(marks("ray", Some("trusting"), "trusting"), [Mark { range: 0..8, of: 0 }]);
    // Looked at from its middle, "skiesC++" would be a word that is joined to the next.
    assert_eq!(marks("sky", None, "RustskiesC++sky "), [Mark { range: 12..15, of: 0 }]);
}

#[test]
fn the_part_with_most_different_marks_is_shown() {
    let far = "word ".repeat(100);
    let text = format!("Rust. {far}Rust servers answer. {far}");
    let shown = Marker::new(&asked("rust server", None, false)).snippet(&text);
    let marked: Vec<&str> =
        shown.iter().filter(|segment| segment.marked).map(|segment| segment.text.as_str()).collect();
    assert_eq!(marked, ["Rust", "servers"]);
    assert!(shown.first().is_some_and(|segment| segment.text == "… "));
}
