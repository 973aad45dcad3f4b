//! Posts as the index takes them in.

use std::collections::HashMap;

use contracts::blog::TermRef;
use kit::db::{Db, sql};
use markdown::Options;
use sea_orm::{DbErr, FromQueryResult, Value};
use tantivy::{TantivyDocument, doc};
use time::OffsetDateTime;

use super::{
    schema::{Fields, SEPARATOR},
    words::composed,
};

/// A public post.
#[derive(Debug, FromQueryResult)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) version: i32,
    title: String,
    content: String,
    published_at: Option<i64>,
    author_id: String,
    author_name: String,
    co_authors: String,
    category_name: Option<String>,
    category_slug: Option<String>,
}

#[derive(Debug, FromQueryResult)]
struct TagRow {
    post_id: String,
    name: String,
    slug: String,
}

#[derive(Debug, FromQueryResult)]
struct IdRow {
    id: String,
    version: i32,
}

/// A post with its tags.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) row: Row,
    tags: Vec<TermRef>,
}

/// Those of `ids` that are public.
pub(super) async fn load(db: &Db, ids: &[String]) -> Result<Vec<Entry>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places = places(ids.len());
    let values = || ids.iter().map(|id| Value::from(id.as_str()));
    let query = format!(
        "SELECT p.id, p.version, p.title, x.content, p.published_at, p.author_id, a.name AS author_name, p.co_authors,
            c.name AS category_name, c.slug AS category_slug
        FROM posts p JOIN post_texts x ON x.post_id = p.id JOIN authors a ON a.id = p.author_id
        LEFT JOIN categories c ON c.id = p.category_id
        WHERE p.id IN ({places}) AND p.status = 'PUBLIC'"
    );
    let rows = sql::all::<Row, _>(db.read(), &query, values()).await?;
    let query = format!(
        "SELECT pt.post_id, t.name, t.slug FROM post_tags pt JOIN tags t ON t.id = pt.tag_id
        WHERE pt.post_id IN ({places}) ORDER BY pt.post_id, pt.position"
    );
    let mut tags: HashMap<String, Vec<TermRef>> = HashMap::new();
    for TagRow { post_id, name, slug } in sql::all::<TagRow, _>(db.read(), &query, values()).await? {
        tags.entry(post_id).or_default().push(TermRef { name, slug, color: 0 });
    }
    let entry = |row: Row| Entry { tags: tags.remove(&row.id).unwrap_or_default(), row };
    Ok(rows.into_iter().map(entry).collect())
}

/// Ids and versions of public posts after `after`, by id.
pub(super) async fn page(db: &Db, after: &str, limit: i64) -> Result<Vec<(String, u64)>, DbErr> {
    let query = "SELECT id, version FROM posts WHERE status = 'PUBLIC' AND id > $1 ORDER BY id LIMIT $2";
    let rows = sql::all::<IdRow, _>(db.read(), query, [after.into(), limit.into()]).await?;
    Ok(rows.into_iter().map(|row| (row.id, u64::try_from(row.version).unwrap_or_default())).collect())
}

/// `$1, $2, …`
pub(super) fn places(count: usize) -> String {
    (1..=count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

impl Entry {
    /// The document. Parses the text: call it off the async threads.
    pub(super) fn into_document(self, fields: &Fields) -> TantivyDocument {
        let Self { row, tags } = self;
        let title = composed(&row.title).into_owned();
        let text = markdown::plain_text(&row.content, &Options::post());
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let body = composed(&text).into_owned();
        let co_authors: Vec<String> = serde_json::from_str(&row.co_authors).unwrap_or_default();
        let published = row.published_at.unwrap_or_default();
        let mut document = doc!(
            fields.id => row.id,
            fields.version => u64::try_from(row.version).unwrap_or_default(),
            fields.title_parts => title.as_str(),
            fields.author => row.author_id,
            fields.published => published,
            fields.year => year(published),
        );
        for field in [fields.text, fields.parts, fields.words] {
            document.add_text(field, &title);
            document.add_text(field, &body);
        }
        document.add_text(fields.title, title);
        document.add_bytes(fields.body, body.as_bytes());
        let names = co_authors.iter().chain([&row.author_name]).chain(tags.iter().map(|tag| &tag.name));
        for name in names.chain(&row.category_name) {
            let name = composed(name);
            for field in [fields.names, fields.title_parts, fields.text, fields.parts, fields.words] {
                document.add_text(field, &name);
            }
        }
        for TermRef { name, slug, .. } in &tags {
            document.add_text(fields.tag, slug);
            document.add_text(fields.tag_facet, format!("{slug}{SEPARATOR}{name}"));
        }
        if let Some((name, slug)) = row.category_name.zip(row.category_slug) {
            document.add_text(fields.category_facet, format!("{slug}{SEPARATOR}{name}"));
            document.add_text(fields.category, slug);
        }
        document
    }
}

fn year(millis: i64) -> u64 {
    let time = OffsetDateTime::from_unix_timestamp(millis.div_euclid(1000)).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    u64::try_from(time.year()).unwrap_or_default()
}
