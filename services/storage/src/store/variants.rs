//! Smaller images, and the queue of those that are to be made.

use std::collections::HashMap;

use contracts::storage::Variant;
use kit::db::{Db, sql};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult, Value};

use super::{
    images::{Row, SELECT},
    small,
};

#[derive(FromQueryResult)]
struct VariantRow {
    name: String,
    stem: String,
    media_type: String,
    width: i32,
    height: i32,
    size: i32,
}

/// Attempts to make the smaller ones of an image.
pub(crate) const MAX_ATTEMPTS: i32 = 5;

/// Those of these images, narrowest first.
pub(crate) async fn of<C: ConnectionTrait>(db: &C, stems: &[&str]) -> Result<HashMap<String, Vec<Variant>>, DbErr> {
    let mut all: HashMap<String, Vec<Variant>> = HashMap::new();
    if stems.is_empty() {
        return Ok(all);
    }
    let places = (1..=stems.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
    let query = format!(
        "SELECT name, stem, media_type, width, height, size FROM variants WHERE stem IN ({places}) ORDER BY stem, width"
    );
    let rows = sql::all::<VariantRow, _>(db, &query, stems.iter().map(|stem| Value::from(*stem))).await?;
    for row in rows {
        all.entry(row.stem).or_default().push(Variant {
            url: format!("/media/{}", row.name),
            media_type: row.media_type,
            width: small(row.width.into()),
            height: small(row.height.into()),
            size: small(row.size.into()),
        });
    }
    Ok(all)
}

#[derive(FromQueryResult)]
struct Name {
    name: String,
}

/// Names of those of an image.
pub(crate) async fn names<C: ConnectionTrait>(db: &C, stem: &str) -> Result<Vec<String>, DbErr> {
    let rows = sql::all::<Name, _>(db, "SELECT name FROM variants WHERE stem = $1", [stem.into()]).await?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// The next image whose smaller ones are to be made, with its turn put off so far that nobody else
/// takes it meanwhile. Killed while it works, the image comes up again then.
pub(crate) async fn next(db: &Db, now: i64, lease_ms: i64) -> Result<Option<Row>, DbErr> {
    let tx = db.begin().await?;
    let lock = match db.backend() {
        sea_orm::DbBackend::Postgres => "FOR UPDATE OF i SKIP LOCKED",
        _ => "",
    };
    let query = format!(
        "{SELECT} FROM images i WHERE i.state IN ('raw', 'waiting') AND i.next_attempt_at <= $1
        ORDER BY i.next_attempt_at, i.id LIMIT 1 {lock}"
    );
    let row = sql::one::<Row, _>(&tx, &query, [now.into()]).await?;
    if let Some(row) = &row {
        let lease = "UPDATE images SET next_attempt_at = $2, attempts = attempts + 1 WHERE name = $1";
        sql::execute(&tx, lease, [row.name.as_str().into(), (now + lease_ms).into()]).await?;
    }
    tx.commit().await?;
    Ok(row)
}

/// What was made of an image.
pub(crate) struct Outcome<'a> {
    pub(crate) row: &'a Row,
    pub(crate) blurhash: Option<String>,
    pub(crate) variants: Vec<NewVariant>,
}

/// A smaller image whose file is there.
pub(crate) struct NewVariant {
    pub(crate) name: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) size: usize,
}

/// Notes what was made. Says whether the image is still there.
pub(crate) async fn done(tx: &DatabaseTransaction, outcome: Outcome<'_>) -> Result<bool, DbErr> {
    let number = |number: u32| i32::try_from(number).unwrap_or_default();
    let note = "UPDATE images SET state = 'done', blurhash = $2 WHERE name = $1";
    if sql::execute(tx, note, [outcome.row.name.as_str().into(), outcome.blurhash.into()]).await? == 0 {
        return Ok(false);
    }
    for variant in outcome.variants {
        let insert = "INSERT INTO variants (name, stem, media_type, width, height, size)
            VALUES ($1, $2, 'image/webp', $3, $4, $5) ON CONFLICT (name) DO UPDATE SET size = excluded.size";
        let values = [
            variant.name.into(),
            outcome.row.stem.as_str().into(),
            number(variant.width).into(),
            number(variant.height).into(),
            i32::try_from(variant.size).unwrap_or(i32::MAX).into(),
        ];
        sql::execute(tx, insert, values).await?;
    }
    Ok(true)
}

/// An older version's file was cleaned in its place.
pub(crate) async fn cleaned<C: ConnectionTrait>(
    db: &C,
    name: &str,
    size: usize,
    (width, height): (u32, u32),
    animated: bool,
) -> Result<(), DbErr> {
    let query = "UPDATE images SET state = 'waiting', size = $2, width = $3, height = $4, animated = $5
        WHERE name = $1 AND state = 'raw'";
    let number = |number: u32| i32::try_from(number).unwrap_or_default();
    let values = [
        name.into(),
        i32::try_from(size).unwrap_or(i32::MAX).into(),
        number(width).into(),
        number(height).into(),
        i32::from(animated).into(),
    ];
    sql::execute(db, query, values).await.map(|_| ())
}

/// None can be made: the picture does not decode. It is served as it is.
pub(crate) async fn failed<C: ConnectionTrait>(db: &C, name: &str) -> Result<(), DbErr> {
    sql::execute(db, "UPDATE images SET state = 'failed' WHERE name = $1", [name.into()]).await.map(|_| ())
}

/// It did not work this time; after too many times it counts as failed.
pub(crate) async fn later<C: ConnectionTrait>(db: &C, name: &str, at: i64) -> Result<(), DbErr> {
    let query = "UPDATE images SET next_attempt_at = $2,
        state = CASE WHEN attempts >= $3 THEN 'failed' ELSE state END WHERE name = $1";
    sql::execute(db, query, [name.into(), at.into(), MAX_ATTEMPTS.into()]).await.map(|_| ())
}

/// Makes an image's turn come again at once.
pub(crate) async fn again<C: ConnectionTrait>(db: &C, name: &str) -> Result<(), DbErr> {
    let query = "UPDATE images SET state = 'waiting', attempts = 0, next_attempt_at = 0 WHERE name = $1";
    sql::execute(db, query, [name.into()]).await.map(|_| ())
}
