//! Asking the index. Everything here takes a thread's time.

use std::{collections::HashSet, sync::Arc};

use contracts::search::Segment;
use simdutf8::basic::from_utf8;
use tantivy::{
    DocAddress, Order, Searcher, TantivyError,
    collector::TopDocs,
    query::Query,
    schema::{
        Field,
        document::{
            DeserializeError, DocumentDeserialize, DocumentDeserializer, ValueDeserialize, ValueDeserializer,
            ValueVisitor,
        },
    },
};

use super::{
    facets::{FacetCounter, Kind},
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
    pub(super) total: u32,
    /// Values of facets, and how much of what was found has them.
    pub(super) facets: Vec<(Kind, Arc<str>, u32)>,
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
    let docs = match counts.total {
        0 => Vec::new(),
        _ if asked.is_empty() => {
            newest(&searcher, &*query::matching(fields, &asked, &question.filters, true), question)?
        }
        _ => best(&searcher, &query::rankings(fields, &asked, &question.filters, every_word), question)?,
    };
    let mut marker = Marker::new(&asked);
    let found = docs.into_iter().map(|doc| {
        let document: Stored = searcher.doc(doc)?;
        Ok(Found {
            id: text_of(&document, fields.id).to_owned(),
            title: marker.title(text_of(&document, fields.title)),
            snippet: marker.snippet(text_of(&document, fields.body)),
        })
    });
    Ok(Answer {
        found: found.collect::<tantivy::Result<_>>()?,
        total: counts.total,
        facets: store.facets.named(&counts),
        meant: query::meant(&asked),
    })
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

/// The newest of what was found.
fn newest(searcher: &Searcher, query: &dyn Query, question: &Question) -> tantivy::Result<Vec<DocAddress>> {
    let top = TopDocs::with_limit(size(question.size).max(1)).and_offset(size(question.offset));
    let found = searcher.search(query, &top.order_by_fast_field::<i64>(PUBLISHED_COLUMN, Order::Desc))?;
    Ok(found.into_iter().map(|(_, doc)| doc).collect())
}

/// The best of what was found, a post counting as much as the ranking that likes it most.
fn best(searcher: &Searcher, rankings: &[Box<dyn Query>], question: &Question) -> tantivy::Result<Vec<DocAddress>> {
    let (offset, limit) = (size(question.offset), size(question.size).max(1));
    let top = || TopDocs::with_limit(offset + limit).order_by_score();
    let mut found = Vec::new();
    for query in rankings {
        found.extend(searcher.search(&**query, &top())?);
    }
    // As tantivy does: of equal ones, what was indexed first.
    found.sort_unstable_by(|(one, here), (other, there)| other.total_cmp(one).then_with(|| here.cmp(there)));
    let mut seen = HashSet::new();
    found.retain(|(_, doc)| seen.insert(*doc));
    Ok(found.into_iter().skip(offset).take(limit).map(|(_, doc)| doc).collect())
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

pub(super) fn id_of(store: &Store, searcher: &Searcher, doc: DocAddress) -> Result<String, TantivyError> {
    let document: Stored = searcher.doc(doc)?;
    Ok(text_of(&document, store.fields.id).to_owned())
}

/// What the index keeps of a post to be shown: texts only.
pub(super) struct Stored(Vec<(Field, Text)>);

impl DocumentDeserialize for Stored {
    fn deserialize<'de, D: DocumentDeserializer<'de>>(mut deserializer: D) -> Result<Self, DeserializeError> {
        let mut texts = Vec::new();
        while let Some(text) = deserializer.next_field()? {
            texts.push(text);
        }
        Ok(Self(texts))
    }
}

/// UTF-8 that is not looked at before it is wanted.
struct Text(Vec<u8>);

impl ValueDeserialize for Text {
    fn deserialize<'de, D: ValueDeserializer<'de>>(deserializer: D) -> Result<Self, DeserializeError> {
        struct Visitor;
        impl ValueVisitor for Visitor {
            type Value = Text;

            fn visit_string(&self, text: String) -> Result<Text, DeserializeError> {
                Ok(Text(text.into_bytes()))
            }

            fn visit_bytes(&self, text: Vec<u8>) -> Result<Text, DeserializeError> {
                Ok(Text(text))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// The text of a field. Empty when there is none, or what is there was never written here.
pub(super) fn text_of(document: &Stored, field: Field) -> &str {
    let text = document.0.iter().find(|(of, _)| *of == field);
    text.and_then(|(_, Text(text))| from_utf8(text).ok()).unwrap_or_default()
}
