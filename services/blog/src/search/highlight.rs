//! Which part of a text to show, and what to mark in it.

use std::{collections::HashSet, ops::Range};

use aho_corasick::{AhoCorasick, Input};
use contracts::search::Segment;

use super::{
    query::Asked,
    words::{self, Script, Word},
};

/// About so many characters of a text are shown.
const WINDOW: usize = 180;
/// Characters shown before the first mark.
const LEAD: usize = 40;
/// More marks than that do not change which part is the best.
const MAX_MARKS: usize = 50;

/// What to look for in texts.
pub(super) struct Marker {
    stems: HashSet<String>,
    starts: Vec<String>,
    /// Parts of words in scripts without stems.
    parts: Vec<String>,
    roots: HashSet<String>,
    /// Finds places where one of them may be: of a long text, only the words around are looked at. None when all are.
    places: Option<AhoCorasick>,
}

/// So many letters of a stem its word surely begins with. (Rather few: "sky" is the stem of "skies".)
fn beginning(stem: &str) -> &str {
    let length = if stem.chars().count() > 4 { 3 } else { 2 };
    stem.char_indices().nth(length).map_or(stem, |(end, _)| &stem[..end])
}

impl Marker {
    pub(super) fn new(asked: &[Asked]) -> Self {
        let (mut stems, mut starts, mut parts, mut roots) = (HashSet::new(), Vec::new(), Vec::new(), HashSet::new());
        for word in asked {
            if word.script == Script::Alphabetic {
                stems.insert(word.forms.root().to_owned());
                for near in word.near.iter().flat_map(|near| words::words(near)) {
                    stems.insert(words::forms(near).root().to_owned());
                }
                if !word.completions.is_empty() {
                    starts.push(word.forms.whole.clone());
                }
            } else {
                parts.push(word.forms.whole.clone());
                let root = word.forms.root.as_ref().filter(|_| words::root_is_sure(&word.forms.whole));
                parts.extend(root.cloned());
                roots.insert(word.forms.root().to_owned());
            }
        }
        // As it was typed, a word may begin otherwise than its stem: "dying" is "die".
        let typed = asked.iter().filter(|word| word.script == Script::Alphabetic).map(|word| &word.forms.whole);
        let begin = stems.iter().chain(typed).chain(&starts).map(|stem| beginning(stem));
        let anywhere = parts.iter().chain(&roots).map(String::as_str);
        let looked_for = begin.chain(anywhere).filter(|text| !text.is_empty());
        let places = AhoCorasick::builder().ascii_case_insensitive(true).build(looked_for).ok();
        Self { stems, starts, parts, roots, places }
    }

    /// The whole of a short text.
    pub(super) fn title(&self, text: &str) -> Vec<Segment> {
        segments(text, 0..text.len(), &self.marks(text))
    }

    /// The part of a long text that has most of what is looked for, or its beginning.
    pub(super) fn snippet(&self, text: &str) -> Vec<Segment> {
        let marks = self.marks(text);
        let window = window(text, &marks);
        let mut segments = segments(text, window.clone(), &marks);
        if window.start > 0 {
            segments.insert(0, Segment { text: "… ".to_owned(), marked: false });
        }
        if window.end < text.len() {
            segments.push(Segment { text: " …".to_owned(), marked: false });
        }
        segments
    }

    fn marks(&self, text: &str) -> Vec<Range<usize>> {
        match &self.places {
            Some(places) if !has_accents(text) => self.marks_near(places, text),
            _ => words::words(text).filter_map(|word| self.mark(word)).take(MAX_MARKS).collect(),
        }
    }

    /// Looks only at what stands between blanks around each place.
    fn marks_near(&self, places: &AhoCorasick, text: &str) -> Vec<Range<usize>> {
        let mut marks = Vec::new();
        let mut from = 0;
        while let Some(place) = places.find(Input::new(text).range(from..)) {
            let letter =
                |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_alphanumeric);
            // No word begins in the midst of letters.
            if letter(Some(place.start())) && letter(place.start().checked_sub(1)) {
                from = place.start() + 1;
                continue;
            }
            let start = text[from..place.start()].rfind(char::is_whitespace).map_or(from, |blank| from + blank);
            let end = text[place.end()..].find(char::is_whitespace).map_or(text.len(), |blank| place.end() + blank);
            let found = words::words(&text[start..end]).filter_map(|word| self.mark(word));
            marks.extend(found.map(|mark| start + mark.start..start + mark.end));
            if marks.len() >= MAX_MARKS {
                marks.truncate(MAX_MARKS);
                break;
            }
            from = end;
        }
        marks
    }

    fn mark(&self, word: Word<'_>) -> Option<Range<usize>> {
        let whole = word.start..word.start + word.text.len();
        if word.script == Script::Alphabetic {
            let forms = words::forms(word);
            let found = self.stems.contains(forms.root())
                || self.starts.iter().any(|start| forms.whole.starts_with(start.as_str()));
            return found.then_some(whole);
        }
        let part = |part: &String| {
            let at = within(word.text, part)?;
            Some(word.start + at..word.start + at + part.len())
        };
        self.parts.iter().find_map(part).or_else(|| {
            // A root is how its word begins: most words need none to be passed over.
            let may = self.roots.iter().any(|root| word.text.starts_with(root.as_str()));
            let forms = may.then(|| words::forms(word))?;
            let root = forms.root();
            self.roots.contains(root).then(|| word.start..word.start + root.len())
        })
    }
}

/// Whether there may be letters that are searched for without their accents, or in another case than ASCII's: those of
/// two bytes, and the blocks of Latin and Greek with accents among those of three.
fn has_accents(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, 0xc3..=0xdf | 0xe1))
}

/// Where `part` begins in a word. Words are short: looking at each place is faster than being clever.
fn within(word: &str, part: &str) -> Option<usize> {
    let last = word.len().checked_sub(part.len())?;
    word.char_indices().map(|(at, _)| at).take_while(|at| *at <= last).find(|at| word[*at..].starts_with(part))
}

/// The stretch with most different marks.
fn window(text: &str, marks: &[Range<usize>]) -> Range<usize> {
    let best = (0..marks.len()).max_by_key(|first| {
        let end = forward(text, marks[*first].start, WINDOW - LEAD);
        let within = marks[*first..].iter().take_while(|mark| mark.end <= end);
        // There is only room for a few.
        let mut different: Vec<&str> = Vec::new();
        for mark in within.clone() {
            let marked = &text[mark.clone()];
            if !different.contains(&marked) {
                different.push(marked);
            }
        }
        // Of equal ones, the first.
        (different.len(), within.count(), std::cmp::Reverse(*first))
    });
    let Some(first) = best else { return 0..word_end(text, forward(text, 0, WINDOW)) };
    let start = back(text, marks[first].start, LEAD);
    let start = if start == 0 { 0 } else { text[start..].find(' ').map_or(start, |at| start + at + 1) };
    let start = start.min(marks[first].start);
    let end = word_end(text, forward(text, start, WINDOW));
    start..end.max(marks[first].end)
}

/// So many characters after `from`.
fn forward(text: &str, from: usize, count: usize) -> usize {
    text[from..].char_indices().nth(count).map_or(text.len(), |(at, _)| from + at)
}

fn back(text: &str, from: usize, count: usize) -> usize {
    text[..from].char_indices().rev().nth(count.saturating_sub(1)).map_or(0, |(at, _)| at)
}

/// The end of the last whole word before `end`.
fn word_end(text: &str, end: usize) -> usize {
    if end == text.len() { end } else { text[..end].rfind(' ').filter(|at| *at > end / 2).unwrap_or(end) }
}

fn segments(text: &str, window: Range<usize>, marks: &[Range<usize>]) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut at = window.start;
    let mut push = |range: Range<usize>, marked| {
        if !range.is_empty() {
            segments.push(Segment { text: text[range].to_owned(), marked });
        }
    };
    for mark in marks.iter().filter(|mark| mark.start >= window.start && mark.end <= window.end) {
        push(at..mark.start, false);
        push(mark.clone(), true);
        at = mark.end;
    }
    push(at..window.end, false);
    segments
}
