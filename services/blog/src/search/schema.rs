//! What the index keeps of a post.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};

use super::tokens::{PARTS, ROOTS, WORDS};

/// Grows whenever posts must be indexed anew: another schema, other words.
pub(super) const VERSION: u32 = 3;

/// Between value and name of a facet: in no slug.
pub(super) const SEPARATOR: char = '\u{1f}';

/// The fields.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    pub(super) schema: Schema,
    pub(super) id: Field,
    pub(super) version: Field,
    /// Title, names and body together: what is in none of its terms is not found.
    pub(super) text: Field,
    /// The same by parts of words.
    pub(super) parts: Field,
    /// What counts more when it is in the title, or among the names of category, tags and authors.
    pub(super) title: Field,
    pub(super) names: Field,
    pub(super) title_parts: Field,
    /// To be shown. Bytes: the index would look at every one of a text, with slower means than [`super::find`] has.
    pub(super) body: Field,
    pub(super) words: Field,
    pub(super) category: Field,
    pub(super) tag: Field,
    pub(super) author: Field,
    pub(super) published: Field,
    pub(super) category_facet: Field,
    pub(super) tag_facet: Field,
    pub(super) year: Field,
}

/// Name of the fast field of a post's version, and so on.
pub(super) const VERSION_COLUMN: &str = "version";
pub(super) const CATEGORY_COLUMN: &str = "category_facet";
pub(super) const TAG_COLUMN: &str = "tag_facet";
pub(super) const YEAR_COLUMN: &str = "year";
pub(super) const PUBLISHED_COLUMN: &str = "published";

impl Fields {
    pub(super) fn new() -> Self {
        let mut builder = Schema::builder();
        let text = |tokenizer: &str, record| {
            let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record);
            TextOptions::default().set_indexing_options(indexing)
        };
        let roots = || text(ROOTS, IndexRecordOption::WithFreqs);
        let parts = || text(PARTS, IndexRecordOption::WithFreqs);
        let column = || TextOptions::default().set_fast("raw");
        Self {
            id: builder.add_text_field("id", STRING | STORED),
            version: builder.add_u64_field(VERSION_COLUMN, FAST),
            text: builder.add_text_field("text", roots()),
            parts: builder.add_text_field("parts", parts()),
            title: builder.add_text_field("title", roots() | STORED),
            names: builder.add_text_field("names", roots()),
            title_parts: builder.add_text_field("title_parts", parts()),
            body: builder.add_bytes_field("body", STORED),
            words: builder.add_text_field("words", text(WORDS, IndexRecordOption::Basic)),
            category: builder.add_text_field("category", STRING),
            tag: builder.add_text_field("tag", STRING),
            author: builder.add_text_field("author", STRING),
            published: builder.add_i64_field(PUBLISHED_COLUMN, FAST | INDEXED),
            category_facet: builder.add_text_field(CATEGORY_COLUMN, column()),
            tag_facet: builder.add_text_field(TAG_COLUMN, column()),
            year: builder.add_u64_field(YEAR_COLUMN, FAST),
            schema: builder.build(),
        }
    }
}
