//! Posts that are like another one.

use contracts::blog::PostSummary;
use tantivy::{
    DocAddress, Searcher, Term,
    collector::TopDocs,
    query::{BooleanQuery, BoostQuery, ConstScoreQuery, MoreLikeThisQuery, Occur, Query, TermQuery},
    schema::{Field, IndexRecordOption, OwnedValue},
};

use super::{
    find::{Stored, id_of, text_of},
    index::Store,
    words::composed,
};

/// What each shared tag counts, beside the words.
const TAG: f32 = 6.0;
/// What a shared category counts.
const CATEGORY: f32 = 2.0;
/// Words of the text that are compared.
const WORDS: usize = 12;
/// Of a long text, the beginning says what it is about.
const LOOKED_AT: usize = 2_000;

/// Ids of public posts that share tags, category or words with `post`, the nearest first.
pub(super) fn related(store: &Store, post: &PostSummary, size: usize) -> tantivy::Result<Vec<String>> {
    let searcher = store.searcher();
    let fields = &store.fields;
    let mut parts: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for tag in &post.tags {
        parts.push((Occur::Should, shared(fields.tag, &tag.slug, TAG)));
    }
    if let Some(category) = &post.category {
        parts.push((Occur::Should, shared(fields.category, &category.slug, CATEGORY)));
    }
    let alike = MoreLikeThisQuery::builder()
        .with_min_doc_frequency(2)
        // What many posts say does not tell them apart.
        .with_max_doc_frequency((searcher.num_docs() / 8).max(5))
        .with_min_term_frequency(1)
        .with_min_word_length(2)
        .with_max_query_terms(WORDS)
        .with_boost_factor(1.0)
        .with_document_fields(texts(store, &searcher, post)?);
    parts.push((Occur::Should, Box::new(BoostQuery::new(Box::new(alike), 0.5))));
    let itself = Term::from_field_text(fields.id, &post.id);
    parts.push((Occur::MustNot, Box::new(TermQuery::new(itself, IndexRecordOption::Basic))));
    let docs = searcher.search(&BooleanQuery::new(parts), &TopDocs::with_limit(size.max(1)).order_by_score())?;
    docs.into_iter().map(|(_, doc)| id_of(store, &searcher, doc)).collect()
}

/// What the post says: all of it where it is indexed, else what its summary tells.
fn texts(store: &Store, searcher: &Searcher, post: &PostSummary) -> tantivy::Result<Vec<(Field, Vec<OwnedValue>)>> {
    let fields = &store.fields;
    let itself = TermQuery::new(Term::from_field_text(fields.id, &post.id), IndexRecordOption::Basic);
    let found: Vec<(f32, DocAddress)> = searcher.search(&itself, &TopDocs::with_limit(1).order_by_score())?;
    let body = match found.first() {
        Some((_, doc)) => text_of(&searcher.doc::<Stored>(*doc)?, fields.body).to_owned(),
        None => composed(&post.excerpt).into_owned(),
    };
    let body: String = body.chars().take(LOOKED_AT).collect();
    let title = composed(&post.title).into_owned();
    Ok(vec![(fields.title, vec![OwnedValue::Str(title)]), (fields.text, vec![OwnedValue::Str(body)])])
}

fn shared(field: Field, value: &str, weight: f32) -> Box<dyn Query> {
    let term = TermQuery::new(Term::from_field_text(field, value), IndexRecordOption::Basic);
    Box::new(ConstScoreQuery::new(Box::new(term), weight))
}
