//! From what somebody typed to what the index is asked.

use std::ops::Bound;

use tantivy::{
    Score, Searcher, Term,
    query::{AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, Occur, PhraseQuery, Query, RangeQuery, TermQuery},
    schema::{Field, IndexRecordOption},
};

use super::{
    schema::Fields,
    spelling,
    words::{self, Forms, Script},
};

/// Words of a question that count.
const MAX_WORDS: usize = 10;
/// Words that an unfinished one may become.
const COMPLETIONS: usize = 16;

/// What a hit must be, whatever it says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Filters {
    /// Slug.
    pub(crate) category: Option<String>,
    /// Slug.
    pub(crate) tag: Option<String>,
    /// Id.
    pub(crate) author: Option<String>,
    /// Published at this time or later, in milliseconds.
    pub(crate) from: Option<i64>,
    /// Published before this time.
    pub(crate) before: Option<i64>,
}

/// A word of the question, and what else it may mean.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) typed: String,
    pub(super) forms: Forms,
    pub(super) script: Script,
    /// Known words that are nearly this one, where it is not known itself.
    pub(super) near: Vec<String>,
    /// Stems of known words that begin like this one, where it is the last and perhaps unfinished.
    pub(super) completions: Vec<String>,
}

/// Where a word is looked for, and how much it counts there.
struct Places {
    words: Vec<(Field, Score)>,
    pairs: Vec<(Field, Score)>,
}

impl Places {
    fn everywhere(fields: &Fields) -> Self {
        Self {
            words: vec![(fields.title, 5.0), (fields.names, 3.0), (fields.body, 1.0)],
            pairs: vec![(fields.title_pairs, 2.0), (fields.body_pairs, 0.4)],
        }
    }

    fn titles(fields: &Fields) -> Self {
        Self { words: vec![(fields.title, 1.0)], pairs: vec![(fields.title_pairs, 0.5)] }
    }
}

/// Takes the question apart. `text` is in composed form.
pub(super) fn read(searcher: &Searcher, fields: &Fields, text: &str) -> tantivy::Result<Vec<Asked>> {
    let words: Vec<_> = words::words(text).take(MAX_WORDS).collect();
    let last = words.last().map(|word| word.start);
    let unfinished = text.ends_with(char::is_alphanumeric);
    let mut asked = Vec::with_capacity(words.len());
    for word in words {
        let forms = words::forms(word);
        let may_grow = unfinished && Some(word.start) == last;
        let mut one = Asked {
            typed: word.text.to_owned(),
            script: word.script,
            near: Vec::new(),
            completions: Vec::new(),
            forms,
        };
        let length = one.forms.whole.chars().count();
        let can_be_completed = match word.script {
            Script::Alphabetic => length >= 2,
            Script::Hangul => length == 1,
            Script::Ideographic => false,
        };
        if may_grow && can_be_completed {
            let found = spelling::beginning(searcher, fields.words, &one.forms.whole, COMPLETIONS)?;
            one.completions = roots(&found);
        }
        if word.script == Script::Alphabetic && one.completions.is_empty() && !is_known(searcher, fields, &one)? {
            one.near = spelling::near(searcher, fields.words, &one.forms.whole)?;
        }
        asked.push(one);
    }
    Ok(asked)
}

fn is_known(searcher: &Searcher, fields: &Fields, asked: &Asked) -> tantivy::Result<bool> {
    for field in [fields.title, fields.names, fields.body] {
        if searcher.doc_freq(&Term::from_field_text(field, asked.forms.root()))? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What known words are indexed as, each once.
fn roots(known: &[String]) -> Vec<String> {
    let mut roots: Vec<String> = Vec::new();
    for root in known.iter().flat_map(|word| words::words(word).map(|word| words::forms(word).root().to_owned())) {
        if !roots.contains(&root) {
            roots.push(root);
        }
    }
    roots
}

/// The question with unknown words replaced by their nearest; none when all are known.
pub(super) fn meant(asked: &[Asked]) -> Option<String> {
    asked.iter().any(|word| !word.near.is_empty()).then(|| {
        let words = asked.iter().map(|word| word.near.first().unwrap_or(&word.typed).as_str());
        words.collect::<Vec<_>>().join(" ")
    })
}

/// The whole question: every word, or any of them.
pub(super) fn all(fields: &Fields, asked: &[Asked], filters: &Filters, every_word: bool) -> Box<dyn Query> {
    build(fields, asked, filters, every_word, &Places::everywhere(fields))
}

/// The same, asked of titles alone.
pub(super) fn titles(fields: &Fields, asked: &[Asked]) -> Box<dyn Query> {
    build(fields, asked, &Filters::default(), true, &Places::titles(fields))
}

fn build(fields: &Fields, asked: &[Asked], filters: &Filters, every_word: bool, places: &Places) -> Box<dyn Query> {
    let occur = if every_word { Occur::Must } else { Occur::Should };
    let words: Vec<_> = asked.iter().map(|word| (occur, word_query(places, word))).collect();
    let mut parts = filter_queries(fields, filters);
    if !words.is_empty() {
        parts.push((Occur::Must, Box::new(BooleanQuery::new(words))));
    }
    if parts.is_empty() { Box::new(AllQuery) } else { Box::new(BooleanQuery::new(parts)) }
}

/// What a word may be found by, the surest counting most.
fn word_query(places: &Places, asked: &Asked) -> Box<dyn Query> {
    let mut ways: Vec<Box<dyn Query>> = Vec::new();
    let mut term = |text: &str, share: Score| {
        for (field, weight) in &places.words {
            ways.push(boosted(term_query(*field, text), weight * share));
        }
    };
    if asked.script == Script::Hangul {
        term(&asked.forms.whole, 1.0);
    }
    if asked.script != Script::Hangul || asked.forms.root.is_some() {
        term(asked.forms.root(), 0.9);
    }
    for root in roots(&asked.near) {
        term(&root, 0.5);
    }
    for root in asked.completions.iter().filter(|root| *root != asked.forms.root()) {
        term(root, 0.3);
    }
    if asked.script != Script::Alphabetic {
        let root = asked.forms.root.as_deref().filter(|_| words::root_is_sure(&asked.forms.whole));
        for part in [Some(asked.forms.whole.as_str()), root].into_iter().flatten() {
            for (field, weight) in &places.pairs {
                if let Some(query) = pairs_query(*field, part) {
                    ways.push(boosted(query, *weight));
                }
            }
        }
    }
    Box::new(BooleanQuery::union(ways))
}

/// Texts with `part` anywhere in a word.
fn pairs_query(field: Field, part: &str) -> Option<Box<dyn Query>> {
    let mut terms: Vec<Term> = words::pairs(part).map(|pair| Term::from_field_text(field, pair)).collect();
    // A single character is found as a word, not as a part.
    if part.chars().count() < 2 {
        return None;
    }
    if terms.len() > 1 {
        return Some(Box::new(PhraseQuery::new(terms)));
    }
    let term = terms.pop()?;
    Some(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)))
}

fn filter_queries(fields: &Fields, filters: &Filters) -> Vec<(Occur, Box<dyn Query>)> {
    let exact = |field: Field, value: &Option<String>| {
        value.as_deref().map(|value| -> Box<dyn Query> {
            Box::new(TermQuery::new(Term::from_field_text(field, value), IndexRecordOption::Basic))
        })
    };
    let published = (filters.from.is_some() || filters.before.is_some()).then(|| -> Box<dyn Query> {
        let term = |millis| Term::from_field_i64(fields.published, millis);
        let from = filters.from.map_or(Bound::Unbounded, |from| Bound::Included(term(from)));
        let before = filters.before.map_or(Bound::Unbounded, |before| Bound::Excluded(term(before)));
        Box::new(RangeQuery::new(from, before))
    });
    let queries = [
        exact(fields.category, &filters.category),
        exact(fields.tag, &filters.tag),
        exact(fields.author, &filters.author),
        published,
    ];
    // What everything that is found has says nothing about which is better.
    let silent = |query| -> (Occur, Box<dyn Query>) { (Occur::Must, Box::new(ConstScoreQuery::new(query, 0.0))) };
    queries.into_iter().flatten().map(silent).collect()
}

fn term_query(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs))
}

fn boosted(query: Box<dyn Query>, by: Score) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, by))
}
