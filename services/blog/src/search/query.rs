//! From what somebody typed to what the index is asked.

use std::ops::Bound;

use tantivy::{
    Score, Searcher, Term,
    query::{AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, Occur, Query, RangeQuery, TermQuery},
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
/// Of what a word may be, so many of the surest count more in titles and names.
const WEIGHED: usize = 6;

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
    Ok(searcher.doc_freq(&Term::from_field_text(fields.text, asked.forms.root()))? > 0)
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

/// What is found: texts with every word, or with any of them. Says nothing about which is better.
pub(super) fn matching(fields: &Fields, asked: &[Asked], filters: &Filters, every_word: bool) -> Box<dyn Query> {
    let words = asked.iter().map(|word| Ways::of(fields, word).found_by);
    all(required(fields, filters, words.collect(), every_word))
}

/// The same texts by how well they fit: each counts as much as the ranking in which it counts most.
///
/// All could be told by one ranking, which would have to look at every text. What makes a text better is in few of
/// them, and without it many cannot be among the best and are passed over unseen.
pub(super) fn rankings(fields: &Fields, asked: &[Asked], filters: &Filters, every_word: bool) -> Vec<Box<dyn Query>> {
    let ways = asked.iter().map(|word| Ways::of(fields, word));
    let (found_by, better_by): (Vec<_>, Vec<_>) = ways.map(|ways| (ways.found_by, ways.better_by)).unzip();
    let better_by: Vec<_> = better_by.into_iter().flatten().collect();
    if (found_by.len() == 1 || !every_word) && *filters == Filters::default() {
        // Whatever makes it better is in the text, so that a plain union says it all.
        return vec![any(found_by.into_iter().flatten().chain(better_by).collect())];
    }
    let plain = required(fields, filters, found_by, every_word);
    let mut better: Vec<_> = plain.iter().map(|(occur, query)| (*occur, query.box_clone())).collect();
    better.push((Occur::Must, any(better_by)));
    vec![all(plain), all(better)]
}

/// Every word, asked of titles alone.
pub(super) fn titles(fields: &Fields, asked: &[Asked]) -> Box<dyn Query> {
    let word = |word: &Asked| {
        let terms = word.terms().into_iter().map(|(text, share)| boosted(term_query(fields.title, &text), share));
        let parts = word.parts().into_iter().map(|part| boosted(part_query(fields.title_parts, part), 0.5));
        (Occur::Must, any(terms.chain(parts).collect()))
    };
    all(asked.iter().map(word).collect())
}

/// What a word is found by, and what beside that makes a text a better one. Whatever makes it better is in the text, so
/// that it is found without.
struct Ways {
    found_by: Vec<Box<dyn Query>>,
    better_by: Vec<Box<dyn Query>>,
}

impl Ways {
    fn of(fields: &Fields, asked: &Asked) -> Self {
        let (terms, parts) = (asked.terms(), asked.parts());
        let mut ways = Self { found_by: Vec::new(), better_by: Vec::new() };
        for (text, share) in &terms {
            // Texts with this word have that part.
            let known = parts.iter().any(|part| text.contains(part));
            ways.add(known, boosted(term_query(fields.text, text), *share));
        }
        for (text, share) in terms.iter().take(WEIGHED) {
            for (field, weight) in [(fields.title, 5.0), (fields.names, 3.0)] {
                ways.add(true, boosted(term_query(field, text), weight * share));
            }
        }
        for part in &parts {
            let known = parts.iter().any(|other| other != part && part.contains(other));
            ways.add(known, boosted(part_query(fields.parts, part), 0.4));
            ways.add(true, boosted(part_query(fields.title_parts, part), 2.0));
        }
        ways
    }

    fn add(&mut self, known: bool, query: Box<dyn Query>) {
        if known { &mut self.better_by } else { &mut self.found_by }.push(query);
    }
}

impl Asked {
    /// The terms that the word may be, the surest first, and how sure.
    fn terms(&self) -> Vec<(String, Score)> {
        let mut terms: Vec<(String, Score)> = Vec::new();
        let mut add = |text: &str, share| {
            if !terms.iter().any(|(known, _)| known == text) {
                terms.push((text.to_owned(), share));
            }
        };
        if self.script == Script::Hangul {
            add(&self.forms.whole, 1.0);
        }
        add(self.forms.root(), 0.9);
        roots(&self.near).iter().for_each(|root| add(root, 0.5));
        self.completions.iter().for_each(|root| add(root, 0.3));
        terms
    }

    /// The parts of words that it may be.
    fn parts(&self) -> Vec<&str> {
        if self.script == Script::Alphabetic {
            return Vec::new();
        }
        let root = self.forms.root.as_deref().filter(|_| words::root_is_sure(&self.forms.whole));
        let parts = [Some(self.forms.whole.as_str()), root].into_iter().flatten();
        parts.filter(|part| !words::terms_of(part).is_empty()).collect()
    }
}

fn required(
    fields: &Fields,
    filters: &Filters,
    words: Vec<Vec<Box<dyn Query>>>,
    every_word: bool,
) -> Vec<(Occur, Box<dyn Query>)> {
    let mut parts = filter_queries(fields, filters);
    if every_word {
        parts.extend(words.into_iter().map(|word| (Occur::Must, any(word))));
    } else if !words.is_empty() {
        parts.push((Occur::Must, any(words.into_iter().flatten().collect())));
    }
    parts
}

fn all(mut parts: Vec<(Occur, Box<dyn Query>)>) -> Box<dyn Query> {
    match parts.len() {
        0 => Box::new(AllQuery),
        1 => parts.swap_remove(0).1,
        _ => Box::new(BooleanQuery::new(parts)),
    }
}

fn any(mut ways: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    if ways.len() == 1 { ways.swap_remove(0) } else { Box::new(BooleanQuery::union(ways)) }
}

/// Texts with `part` anywhere in a word.
fn part_query(field: Field, part: &str) -> Box<dyn Query> {
    let terms = words::terms_of(part).into_iter().map(|term| (Occur::Must, term_query(field, term)));
    all(terms.collect())
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
