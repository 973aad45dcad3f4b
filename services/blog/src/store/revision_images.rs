//! Images of the revisions that are kept of posts. They are noted beside the revisions, so that their texts are read for
//! it once. Not backed up: they are made of the texts.
//!
//! A revision has no note when it was just kept, when an older version kept it, or when a restore brought it. Such ones
//! are noted in the background, and before that when somebody asks for them.

use std::collections::HashMap;

use kit::db::{Db, sql};
use sea_orm::{DatabaseTransaction, DbErr, FromQueryResult, Value};
use tokio::task::yield_now;

use super::row::json;
use crate::{app::begin, domain::images};

/// Texts read at once.
const BATCH: usize = 20;

const MISSING: &str = "SELECT r.id, r.post_id, r.version, r.cover, r.content FROM revisions r
    WHERE NOT EXISTS (SELECT 1 FROM revision_images i WHERE i.revision_id = r.id)";
const NOTED: &str = "SELECT r.post_id, i.images FROM revisions r JOIN revision_images i ON i.revision_id = r.id
    WHERE i.images <> '[]'";

#[derive(FromQueryResult)]
struct Text {
    id: String,
    post_id: String,
    version: i32,
    cover: Option<String>,
    content: String,
}

#[derive(FromQueryResult)]
struct Row {
    post_id: String,
    images: String,
}

#[derive(FromQueryResult)]
struct Ends {
    first: Option<String>,
    last: Option<String>,
}

/// URLs of the images that the kept revisions of this post use, those of the newest first.
pub(crate) async fn of(tx: &DatabaseTransaction, post_id: &str) -> Result<Vec<String>, DbErr> {
    let missing = format!("{MISSING} AND r.post_id = $1 ORDER BY r.version LIMIT {BATCH}");
    loop {
        let texts = sql::all::<Text, _>(tx, &missing, [post_id.into()]).await?;
        note(tx, &texts).await?;
        if texts.len() < BATCH {
            break;
        }
    }
    let noted = format!("{NOTED} AND r.post_id = $1 ORDER BY r.version DESC");
    let rows = sql::all::<Row, _>(tx, &noted, [post_id.into()]).await?;
    Ok(rows.into_iter().flat_map(|row| json::<Vec<String>>(&row.images)).collect())
}

/// The same of the posts from `first` to `last`, by post.
pub(crate) async fn of_all(db: &Db, first: &str, last: &str) -> Result<HashMap<String, Vec<String>>, DbErr> {
    note_all(db, first, last).await?;
    let noted = format!("{NOTED} AND r.post_id >= $1 AND r.post_id <= $2 ORDER BY r.post_id, r.version DESC");
    let mut all: HashMap<String, Vec<String>> = HashMap::new();
    for Row { post_id, images } in sql::all::<Row, _>(db.read(), &noted, [first.into(), last.into()]).await? {
        all.entry(post_id).or_default().extend(json::<Vec<String>>(&images));
    }
    Ok(all)
}

/// Notes every revision that has no note.
pub(crate) async fn note_missing(db: &Db) -> Result<(), DbErr> {
    // Every note is of a revision.
    let missing = "SELECT (SELECT COUNT(*) FROM revisions) - (SELECT COUNT(*) FROM revision_images) AS n";
    if sql::number(db.read(), missing, []).await? == 0 {
        return Ok(());
    }
    let ends = "SELECT MIN(post_id) AS first, MAX(post_id) AS last FROM revisions";
    match sql::one::<Ends, _>(db.read(), ends, []).await? {
        Some(Ends { first: Some(first), last: Some(last) }) => note_all(db, &first, &last).await,
        _ => Ok(()),
    }
}

/// Notes the revisions of the posts from `first` to `last` that have no note.
async fn note_all(db: &Db, first: &str, last: &str) -> Result<(), DbErr> {
    let query = format!(
        "{MISSING} AND r.post_id <= $1 AND (r.post_id, r.version) > ($2, $3)
        ORDER BY r.post_id, r.version LIMIT {BATCH}"
    );
    // Versions begin at 1.
    let (mut post_id, mut version) = (first.to_owned(), 0);
    loop {
        let values = [last.into(), post_id.into(), version.into()];
        let texts = sql::all::<Text, _>(db.read(), &query, values).await?;
        let Some(end) = texts.last() else { return Ok(()) };
        (post_id, version) = (end.post_id.clone(), end.version);
        // One batch a transaction: whoever writes need not wait for all.
        let tx = begin(db).await?;
        note(&tx, &texts).await?;
        tx.commit().await?;
        if texts.len() < BATCH {
            return Ok(());
        }
        // Who writes or reads goes first.
        yield_now().await;
    }
}

/// Notes the images of these revisions, as far as they are still kept.
async fn note(tx: &DatabaseTransaction, texts: &[Text]) -> Result<(), DbErr> {
    if texts.is_empty() {
        return Ok(());
    }
    let mut values: Vec<Value> = Vec::with_capacity(2 * texts.len());
    let mut rows = Vec::with_capacity(texts.len());
    for Text { id, cover, content, .. } in texts {
        let images = images::used(cover.as_deref(), content);
        let images = serde_json::to_string(&images).unwrap_or_else(|_| "[]".to_owned());
        values.extend([id.as_str().into(), images.into()]);
        rows.push(format!("(${}, ${})", values.len() - 1, values.len()));
    }
    let insert = format!(
        "WITH n (id, images) AS (VALUES {}) INSERT INTO revision_images (revision_id, images)
        SELECT n.id, n.images FROM n WHERE EXISTS (SELECT 1 FROM revisions r WHERE r.id = n.id) ON CONFLICT DO NOTHING",
        rows.join(", ")
    );
    sql::execute(tx, &insert, values).await.map(|_| ())
}
