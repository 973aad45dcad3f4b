//! Asking the index. Everything here takes a thread's time.

use contracts::search::Segment;
use tantivy::{
    DocAddress, Order, Searcher, TantivyDocument, TantivyError,
    collector::TopDocs,
    query::Query,
    schema::{Field, Value},
};

use super::{
    facets::{Counts, FacetCounter},
    highlight::Marker,
    index::Store,
    query::{self, Asked, Filters},
    schema::PUBLISHED_COLUMN,
    words::composed,
};

/// A question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Question {
    pub(crate) text: String,
    pub(crate) filters: Filters,
    pub(crate) offset: u32,
    pub(crate) size: u32,
}

/// A post that was found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) id: String,
    pub(super) title: Vec<Segment>,
    pub(super) snippet: Vec<Segment>,
}

/// What the index says.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) found: Vec<Found>,
    pub(super) counts: Counts,
    pub(super) meant: Option<String>,
}

pub(super) fn answer(store: &Store, question: &Question) -> tantivy::Result<Answer> {
    let searcher = store.searcher();
    let fields = &store.fields;
    let text = composed(&question.text);
    let asked = query::read(&searcher, fields, &text)?;
    // A question of signs alone finds nothing.
    if asked.is_empty() && !text.trim().is_empty() {
        return Ok(Answer::default());
    }
    let count = |every_word| {
        let query = query::matching(fields, &asked, &question.filters, every_word);
        searcher.search(&*query, &FacetCounter(&store.facets))
    };
    let (mut counts, mut every_word) = (count(true)?, true);
    if counts.total == 0 && asked.len() > 1 {
        // Not all words together: then as many of them as there are.
        every_word = false;
        counts = count(every_word)?;
    }
    let ranking = query::ranking(fields, &asked, &question.filters, every_word);
    let docs = if counts.total > 0 { best(&searcher, &*ranking, question, asked.is_empty())? } else { Vec::new() };
    let marker = Marker::new(&asked);
    let found = docs.into_iter().map(|doc| {
        let document: TantivyDocument = searcher.doc(doc)?;
        Ok(Found {
            id: text_of(&document, fields.id).to_owned(),
            title: marker.title(text_of(&document, fields.title)),
            snippet: marker.snippet(text_of(&document, fields.body)),
        })
    });
    Ok(Answer { found: found.collect::<tantivy::Result<_>>()?, counts, meant: query::meant(&asked) })
}

/// Ids of posts whose titles are like what was typed, and words that it may become.
pub(super) fn suggest(store: &Store, text: &str, size: usize) -> tantivy::Result<(Vec<String>, Vec<String>)> {
    let searcher = store.searcher();
    let text = composed(text);
    let asked = query::read(&searcher, &store.fields, &text)?;
    let Some(last) = asked.last() else { return Ok(Default::default()) };
    let query = query::titles(&store.fields, &asked);
    let docs = searcher.search(&*query, &TopDocs::with_limit(size.max(1)).order_by_score())?;
    let ids = docs.into_iter().map(|(_, doc)| id_of(store, &searcher, doc)).collect::<tantivy::Result<_>>()?;
    Ok((ids, completed(store, &searcher, &text, last)?))
}

/// The text with its last word finished, or with the word that it was meant to be.
fn completed(store: &Store, searcher: &Searcher, text: &str, last: &Asked) -> tantivy::Result<Vec<String>> {
    let mut words = super::spelling::beginning(searcher, store.fields.words, &last.forms.whole, 3)?;
    if words.is_empty() {
        words = last.near.iter().take(1).cloned().collect();
    }
    let before = text.trim_end().strip_suffix(last.typed.as_str()).unwrap_or_default();
    Ok(words.into_iter().map(|word| format!("{before}{word}")).collect())
}

/// The page of what was found that is asked for.
fn best(searcher: &Searcher, query: &dyn Query, question: &Question, newest: bool) -> tantivy::Result<Vec<DocAddress>> {
    let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let top = TopDocs::with_limit(size(question.size.max(1))).and_offset(size(question.offset));
    if newest {
        let top = top.order_by_fast_field::<i64>(PUBLISHED_COLUMN, Order::Desc);
        return Ok(searcher.search(query, &top)?.into_iter().map(|(_, doc)| doc).collect());
    }
    Ok(searcher.search(query, &top.order_by_score())?.into_iter().map(|(_, doc)| doc).collect())
}

pub(super) fn id_of(store: &Store, searcher: &Searcher, doc: DocAddress) -> Result<String, TantivyError> {
    let document: TantivyDocument = searcher.doc(doc)?;
    Ok(text_of(&document, store.fields.id).to_owned())
}

pub(super) fn text_of(document: &TantivyDocument, field: Field) -> &str {
    document.get_first(field).and_then(|value| value.as_str()).unwrap_or_default()
}
