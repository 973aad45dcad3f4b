//! Images of the revisions that are kept of posts. They are noted beside the revisions, so that their texts are read for
//! it once. Not backed up: they are made of the texts.

use std::collections::HashMap;

use kit::db::{Db, sql};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult};

use super::row::json;
use crate::{app::begin, domain::images};

/// Texts read at once.
const BATCH: i64 = 20;

/// What has no note: a revision that was just kept, one that an older version kept, or one that a restore brought.
const MISSING: &str = "FROM revisions r LEFT JOIN revision_images i ON i.revision_id = r.id
    WHERE r.post_id >= $1 AND r.post_id <= $2 AND i.revision_id IS NULL";

#[derive(FromQueryResult)]
struct Text {
    id: String,
    cover: Option<String>,
    content: String,
}

#[derive(FromQueryResult)]
struct Row {
    post_id: String,
    images: String,
}

/// URLs of the images that the kept revisions of this post use.
pub(crate) async fn of(tx: &DatabaseTransaction, post_id: &str) -> Result<Vec<String>, DbErr> {
    while note(tx, post_id, post_id).await? {}
    Ok(read(tx, post_id, post_id).await?.remove(post_id).unwrap_or_default())
}

/// The same of the posts from `first` to `last`, by post.
pub(crate) async fn of_all(db: &Db, first: &str, last: &str) -> Result<HashMap<String, Vec<String>>, DbErr> {
    let missing = format!("SELECT COUNT(*) AS n {MISSING}");
    while sql::number(db.read(), &missing, [first.into(), last.into()]).await? > 0 {
        // One batch a transaction: whoever writes need not wait for all.
        let tx = begin(db).await?;
        note(&tx, first, last).await?;
        tx.commit().await?;
    }
    read(db.read(), first, last).await
}

/// Notes the images of some revisions that have no note. Whether there may be more.
async fn note(tx: &DatabaseTransaction, first: &str, last: &str) -> Result<bool, DbErr> {
    let query = format!("SELECT r.id, r.cover, r.content {MISSING} ORDER BY r.post_id, r.version LIMIT $3");
    let texts = sql::all::<Text, _>(tx, &query, [first.into(), last.into(), BATCH.into()]).await?;
    let more = i64::try_from(texts.len()).is_ok_and(|read| read == BATCH);
    for Text { id, cover, content } in texts {
        let images = images::used(cover.as_deref(), &content);
        let images = serde_json::to_string(&images).unwrap_or_else(|_| "[]".to_owned());
        let insert = "INSERT INTO revision_images (revision_id, images) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        sql::execute(tx, insert, [id.into(), images.into()]).await?;
    }
    Ok(more)
}

/// What is noted, the newest revision of a post first.
async fn read<C: ConnectionTrait>(db: &C, first: &str, last: &str) -> Result<HashMap<String, Vec<String>>, DbErr> {
    let query = "SELECT r.post_id, i.images FROM revisions r JOIN revision_images i ON i.revision_id = r.id
        WHERE r.post_id >= $1 AND r.post_id <= $2 AND i.images <> '[]' ORDER BY r.post_id, r.version DESC";
    let mut all: HashMap<String, Vec<String>> = HashMap::new();
    for Row { post_id, images } in sql::all::<Row, _>(db, query, [first.into(), last.into()]).await? {
        all.entry(post_id).or_default().extend(json::<Vec<String>>(&images));
    }
    Ok(all)
}
