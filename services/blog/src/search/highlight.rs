//! Which part of a text to show, and what to mark in it.

use std::{collections::HashSet, ops::Range};

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
    /// How stems and starts begin: most words need no stem to be passed over.
    initials: HashSet<Initials>,
    /// Parts of words in scripts without stems.
    parts: Vec<String>,
    roots: HashSet<String>,
}

/// The first two letters of a word. A stem has them too, or the word as it was typed has.
type Initials = (char, Option<char>);

fn initials(word: &str) -> Option<Initials> {
    let mut letters = word.chars().map(|letter| letter.to_ascii_lowercase());
    Some((letters.next()?, letters.next()))
}

impl Marker {
    pub(super) fn new(asked: &[Asked]) -> Self {
        let mut marker = Self {
            stems: HashSet::new(),
            starts: Vec::new(),
            initials: HashSet::new(),
            parts: Vec::new(),
            roots: HashSet::new(),
        };
        for word in asked {
            if word.script == Script::Alphabetic {
                marker.stems.insert(word.forms.root().to_owned());
                for near in word.near.iter().flat_map(|near| words::words(near)) {
                    marker.stems.insert(words::forms(near).root().to_owned());
                }
                if !word.completions.is_empty() {
                    marker.starts.push(word.forms.whole.clone());
                }
            } else {
                marker.parts.push(word.forms.whole.clone());
                let root = word.forms.root.as_ref().filter(|_| words::root_is_sure(&word.forms.whole));
                marker.parts.extend(root.cloned());
                marker.roots.insert(word.forms.root().to_owned());
            }
        }
        let typed = asked.iter().flat_map(|word| std::iter::once(&word.typed).chain(&word.near));
        let known = marker.stems.iter().chain(&marker.starts).chain(typed);
        marker.initials = known.filter_map(|text| initials(text)).collect();
        marker
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
        words::words(text).filter_map(|word| self.mark(word)).take(MAX_MARKS).collect()
    }

    fn mark(&self, word: Word<'_>) -> Option<Range<usize>> {
        let whole = word.start..word.start + word.text.len();
        if word.script == Script::Alphabetic {
            let initials = initials(word.text)?;
            let plain = initials.0.is_ascii() && initials.1.is_none_or(|second| second.is_ascii());
            if plain && !self.initials.contains(&initials) {
                return None;
            }
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
