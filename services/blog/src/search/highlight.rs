//! Which part of a text to show, and what to mark in it.

use std::{cmp::Reverse, collections::HashMap, ops::Range};

use aho_corasick::{AhoCorasick, Input, MatchKind};
use contracts::search::Segment;

use super::{
    query::Asked,
    words::{self, Forms, Script, Word},
};

/// About so many characters of a text are shown.
const WINDOW: usize = 180;
/// Characters shown before the first mark.
const LEAD: usize = 40;
/// More marks than that do not change which part is the best.
const MAX_MARKS: usize = 50;
/// So many bytes after the first mark, nobody waits any more for a part that has all.
const FAR: usize = 3_000;

/// What to look for in texts.
pub(super) struct Marker {
    /// How many words are looked for; the rest says of which of them something is.
    words: usize,
    stems: HashMap<String, usize>,
    starts: Vec<(String, usize)>,
    /// Parts of words in scripts without stems.
    parts: Vec<(String, usize)>,
    roots: HashMap<String, usize>,
    /// Finds places where one of them may be: of a long text, only the words around are looked at. None when all are.
    places: Option<AhoCorasick>,
    /// Words with letters that were met, and what they are: most are met again.
    met: HashMap<String, Option<usize>>,
}

/// What is looked for, where it stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark {
    range: Range<usize>,
    /// Of which word it is.
    of: usize,
}

/// So many letters of a stem its word surely begins with. Rather few: "die" is the stem of "dying", "sky" of "skies".
fn beginning(stem: &str) -> &str {
    let length = match stem.chars().count() {
        0..=3 => 1,
        4 => 2,
        _ => 3,
    };
    stem.char_indices().nth(length).map_or(stem, |(end, _)| &stem[..end])
}

impl Marker {
    pub(super) fn new(asked: &[Asked]) -> Self {
        let mut marker = Self {
            words: asked.len(),
            stems: HashMap::new(),
            starts: Vec::new(),
            parts: Vec::new(),
            roots: HashMap::new(),
            places: None,
            met: HashMap::new(),
        };
        for (of, word) in asked.iter().enumerate() {
            if word.script == Script::Alphabetic {
                marker.stems.entry(word.forms.root().to_owned()).or_insert(of);
                for near in word.near.iter().flat_map(|near| words::words(near)) {
                    marker.stems.entry(words::forms(near).root().to_owned()).or_insert(of);
                }
                if !word.completions.is_empty() {
                    marker.starts.push((word.forms.whole.clone(), of));
                }
            } else {
                marker.parts.push((word.forms.whole.clone(), of));
                let root = word.forms.root.as_ref().filter(|_| words::root_is_sure(&word.forms.whole));
                marker.parts.extend(root.map(|root| (root.clone(), of)));
                marker.roots.entry(word.forms.root().to_owned()).or_insert(of);
            }
        }
        // As it was typed, a word may begin otherwise than its stem.
        let typed = asked.iter().filter(|word| word.script == Script::Alphabetic).map(|word| &word.forms.whole);
        let starts = marker.starts.iter().map(|(start, _)| start);
        let begin = marker.stems.keys().chain(typed).chain(starts).map(|stem| beginning(stem));
        let anywhere = marker.parts.iter().map(|(part, _)| part).chain(marker.roots.keys()).map(String::as_str);
        let looked_for = begin.chain(anywhere).filter(|text| !text.is_empty());
        // The leftmost, so that none begins before one that is passed over. What is looked for is not rare: waiting for
        // rare bytes takes longer than looking at all.
        let mut places = AhoCorasick::builder();
        places.match_kind(MatchKind::LeftmostFirst).ascii_case_insensitive(true).prefilter(false);
        marker.places = places.build(looked_for).ok();
        marker
    }

    /// The whole of a short text.
    pub(super) fn title(&mut self, text: &str) -> Vec<Segment> {
        let marks = self.marks(text, Found::all());
        segments(text, 0..text.len(), &marks)
    }

    /// The first part of a long text that has all that is looked for, else the one that has most, else its beginning.
    pub(super) fn snippet(&mut self, text: &str) -> Vec<Segment> {
        let marks = self.marks(text, Found::enough(self.words));
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

    fn marks(&mut self, text: &str, mut found: Found) -> Vec<Mark> {
        match self.places.take() {
            Some(places) if !has_accents(text) => {
                self.look_near(&places, text, &mut found);
                self.places = Some(places);
            }
            places => {
                self.places = places;
                self.look_at(text, 0..text.len(), &mut found);
            }
        }
        found.marks
    }

    /// Looks at every word of that part of `text`, until enough is found.
    fn look_at(&mut self, text: &str, part: Range<usize>, found: &mut Found) {
        for word in words::words(&text[part.clone()]) {
            if found.is_enough(part.start + word.start) {
                return;
            }
            if let Some(Mark { range, of }) = self.mark(word) {
                found.add(text, Mark { range: part.start + range.start..part.start + range.end, of });
            }
        }
    }

    /// Looks only at what stands between blanks around each place.
    fn look_near(&mut self, places: &AhoCorasick, text: &str, found: &mut Found) {
        let letter = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_alphanumeric);
        // Up to `looked_at` every word was looked at; from there to `from` none is one.
        let (mut looked_at, mut from) = (0, 0);
        while let Some(place) = places.find(Input::new(text).range(from..)) {
            // No word begins in the midst of letters.
            if letter(place.start()) && place.start().checked_sub(1).is_some_and(letter) {
                from = place.start() + 1;
                continue;
            }
            let before = &text[looked_at..place.start()];
            let start = before.rfind(char::is_whitespace).map_or(looked_at, |blank| looked_at + blank);
            let end = text[place.end()..].find(char::is_whitespace).map_or(text.len(), |blank| place.end() + blank);
            self.look_at(text, start..end, found);
            if found.is_enough(end) {
                return;
            }
            (looked_at, from) = (end, end);
        }
    }

    fn mark(&mut self, word: Word<'_>) -> Option<Mark> {
        if word.script == Script::Alphabetic {
            let whole = word.start..word.start + word.text.len();
            let of = match self.met.get(word.text) {
                Some(of) => *of,
                None => {
                    let of = self.of(&words::forms(word));
                    self.met.insert(word.text.to_owned(), of);
                    of
                }
            };
            return of.map(|of| Mark { range: whole, of });
        }
        let part = |(part, of): &(String, usize)| {
            let at = word.start + within(word.text, part)?;
            Some(Mark { range: at..at + part.len(), of: *of })
        };
        self.parts.iter().find_map(part).or_else(|| {
            // A root is how its word begins: most words need none to be passed over.
            let may = self.roots.keys().any(|root| word.text.starts_with(root.as_str()));
            let forms = may.then(|| words::forms(word))?;
            let of = *self.roots.get(forms.root())?;
            Some(Mark { range: word.start..word.start + forms.root().len(), of })
        })
    }

    /// Which word that is looked for a word with letters is.
    fn of(&self, forms: &Forms) -> Option<usize> {
        let started = || self.starts.iter().find(|(start, _)| forms.whole.starts_with(start.as_str()));
        self.stems.get(forms.root()).or_else(|| started().map(|(_, of)| of)).copied()
    }
}

/// The marks of a text, until they are enough.
struct Found {
    marks: Vec<Mark>,
    /// Where the last mark of each word begins; of no word when every mark is wanted.
    last: Vec<Option<usize>>,
    /// What begins there or later is not shown.
    end: Option<usize>,
}

impl Found {
    fn all() -> Self {
        Self::enough(0)
    }

    /// Enough is a stretch that has so many words.
    fn enough(words: usize) -> Self {
        Self { marks: Vec::new(), last: vec![None; words], end: None }
    }

    fn add(&mut self, text: &str, mark: Mark) {
        if let Some(last) = self.last.get_mut(mark.of) {
            *last = Some(mark.range.start);
        }
        // None when a word has none yet: it is the least.
        if self.end.is_none()
            && let Some(first) = self.last.iter().min().copied().flatten()
            && text[first..mark.range.end].chars().nth(WINDOW - LEAD).is_none()
        {
            self.end = Some(forward(text, first, WINDOW));
        }
        self.marks.push(mark);
    }

    /// Whether a word that begins at `at` need not be looked at.
    fn is_enough(&self, at: usize) -> bool {
        let is_far = || self.marks.first().is_some_and(|first| at > first.range.start + FAR);
        // Of a short text, everything is shown.
        !self.last.is_empty() && (self.marks.len() >= MAX_MARKS || self.end.is_some_and(|end| at >= end) || is_far())
    }
}

/// Whether there may be letters that are searched for without their accents, or in another case than ASCII's: those of
/// two bytes, and among those of more the accented, wide, circled and mathematical ones.
fn has_accents(text: &str) -> bool {
    let (bytes, after) = (text.as_bytes(), text.as_bytes().get(1..).unwrap_or_default());
    // Without an early end, many bytes are looked at in one step.
    bytes.iter().zip(after).fold(false, |found, (byte, next)| {
        found
            | matches!(byte, 0xc3..=0xdf | 0xe1 | 0xef)
            | ((*byte == 0xe2) & matches!(next, 0x84..=0x93))
            | ((*byte == 0xf0) & (*next == 0x9d))
    })
}

/// Where `part` begins in a word. Words are short: looking at each place is faster than being clever.
fn within(word: &str, part: &str) -> Option<usize> {
    let last = word.len().checked_sub(part.len())?;
    word.char_indices().map(|(at, _)| at).take_while(|at| *at <= last).find(|at| word[*at..].starts_with(part))
}

/// The stretch with marks of most words.
fn window(text: &str, marks: &[Mark]) -> Range<usize> {
    let Some(first) = best(text, marks) else { return 0..word_end(text, forward(text, 0, WINDOW)) };
    let start = back(text, first.start, LEAD);
    let start = if start == 0 { 0 } else { text[start..].find(' ').map_or(start, |at| start + at + 1) };
    let start = start.min(first.start);
    let end = word_end(text, forward(text, start, WINDOW));
    start..end.max(first.end)
}

/// The mark with which such a stretch begins.
fn best<'a>(text: &str, marks: &'a [Mark]) -> Option<&'a Range<usize>> {
    // Where marks begin and end, in characters.
    let (mut at, mut characters) = (0, 0);
    let mut character = |to: usize| {
        characters += text[at..to].chars().count();
        at = to;
        characters
    };
    let places: Vec<(usize, usize)> =
        marks.iter().map(|mark| (character(mark.range.start), character(mark.range.end))).collect();
    let first = (0..marks.len()).max_by_key(|first| {
        let end = places[*first].0 + WINDOW - LEAD;
        let within = places[*first..].iter().take_while(|(_, mark_end)| *mark_end <= end).count();
        // A question has fewer words than that.
        let words = marks[*first..*first + within].iter().fold(0_u32, |words, mark| words | 1 << (mark.of % 32));
        // Of equal ones, the first.
        (words.count_ones(), within, Reverse(*first))
    })?;
    Some(&marks[first].range)
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

fn segments(text: &str, window: Range<usize>, marks: &[Mark]) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut at = window.start;
    let mut push = |range: Range<usize>, marked| {
        if !range.is_empty() {
            segments.push(Segment { text: text[range].to_owned(), marked });
        }
    };
    let ranges = marks.iter().map(|mark| &mark.range);
    for mark in ranges.filter(|mark| mark.start >= window.start && mark.end <= window.end) {
        push(at..mark.start, false);
        push(mark.clone(), true);
        at = mark.end;
    }
    push(at..window.end, false);
    segments
}

#[cfg(test)]
#[path = "highlight_tests.rs"]
mod tests;
