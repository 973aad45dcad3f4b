//! Words that the index knows: near a word that it does not, or beginning like one.

use std::collections::HashMap;

use tantivy::{Searcher, Term, query::FuzzyTermQuery, schema::Field};

/// Candidates that are looked at, however many begin alike.
const MAX_LOOKED_AT: usize = 3_000;
/// Candidates that are kept.
const KEPT: usize = 8;

/// Known words that differ from `word` by a slip or two, the most used first. The longer the word, the
/// more slips.
pub(super) fn near(searcher: &Searcher, field: Field, word: &str) -> tantivy::Result<Vec<String>> {
    let slips = match word.chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    for distance in 1..=slips {
        let query = FuzzyTermQuery::new(Term::from_field_text(field, word), distance, true);
        let mut found: HashMap<String, u32> = HashMap::new();
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
            let mut stream = index.terms().search(query.automaton()?).into_stream()?;
            while let Some((term, info)) = stream.next() {
                if let Ok(term) = std::str::from_utf8(term) {
                    *found.entry(term.to_owned()).or_default() += info.doc_freq;
                }
            }
        }
        if !found.is_empty() {
            return Ok(most_used(found, KEPT));
        }
    }
    Ok(Vec::new())
}

/// Known words that begin with `start` and are longer, the most used first.
pub(super) fn beginning(searcher: &Searcher, field: Field, start: &str, limit: usize) -> tantivy::Result<Vec<String>> {
    let mut found: HashMap<String, u32> = HashMap::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(field)?;
        let mut stream = index.terms().range().gt(start.as_bytes()).into_stream()?;
        let mut looked_at = 0;
        while let Some((term, info)) = stream.next() {
            let Some(term) = std::str::from_utf8(term).ok().filter(|term| term.starts_with(start)) else { break };
            *found.entry(term.to_owned()).or_default() += info.doc_freq;
            looked_at += 1;
            if looked_at > MAX_LOOKED_AT {
                break;
            }
        }
    }
    Ok(most_used(found, limit))
}

fn most_used(found: HashMap<String, u32>, limit: usize) -> Vec<String> {
    let mut words: Vec<_> = found.into_iter().collect();
    words.sort_unstable_by(|(one, uses), (other, others)| others.cmp(uses).then_with(|| one.cmp(other)));
    words.truncate(limit);
    words.into_iter().map(|(word, _)| word).collect()
}
