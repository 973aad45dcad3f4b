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
/// Characters of a text that are looked at: of a long one, the beginning says what it is about.
const LOOKED_AT: usize = 2_000;
/// Bytes of a text that is long.
const LONG: usize = 1_500;

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
    let (title, body) = texts(store, &searcher, post)?;
    // How many posts have a word is asked of each that is looked at. What a long text is about it says more than once.
    let (titles, least) = if body.len() < LONG { (1, 1) } else { (2, 2) };
    let titles = vec![OwnedValue::Str(title); titles];
    let alike = MoreLikeThisQuery::builder()
        .with_min_doc_frequency(2)
        // What many posts say does not tell them apart.
        .with_max_doc_frequency((searcher.num_docs() / 8).max(5))
        .with_min_term_frequency(least)
        .with_min_word_length(2)
        .with_max_query_terms(WORDS)
        .with_boost_factor(1.0)
        .with_document_fields(vec![(fields.title, titles), (fields.text, vec![OwnedValue::Str(body)])]);
    parts.push((Occur::Should, Box::new(BoostQuery::new(Box::new(alike), 0.5))));
    let itself = Term::from_field_text(fields.id, &post.id);
    parts.push((Occur::MustNot, Box::new(TermQuery::new(itself, IndexRecordOption::Basic))));
    let docs = searcher.search(&BooleanQuery::new(parts), &TopDocs::with_limit(size.max(1)).order_by_score())?;
    docs.into_iter().map(|(_, doc)| id_of(store, &searcher, doc)).collect()
}

/// Title and text of the post: what is indexed, else what its summary tells.
fn texts(store: &Store, searcher: &Searcher, post: &PostSummary) -> tantivy::Result<(String, String)> {
    let itself = TermQuery::new(Term::from_field_text(store.fields.id, &post.id), IndexRecordOption::Basic);
    let found: Vec<(f32, DocAddress)> = searcher.search(&itself, &TopDocs::with_limit(1).order_by_score())?;
    let beginning = |text: &str| text.chars().take(LOOKED_AT).collect();
    let body = match found.first() {
        Some((_, doc)) => beginning(text_of(&searcher.doc::<Stored>(*doc)?, store.fields.body)),
        None => beginning(&composed(&post.excerpt)),
    };
    Ok((composed(&post.title).into_owned(), body))
}

fn shared(field: Field, value: &str, weight: f32) -> Box<dyn Query> {
    let term = TermQuery::new(Term::from_field_text(field, value), IndexRecordOption::Basic);
    Box::new(ConstScoreQuery::new(Box::new(term), weight))
}
