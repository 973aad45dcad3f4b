//! What uses which image.

use std::collections::{BTreeMap, BTreeSet};

use kit::db::sql;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult};

use crate::domain::name;

/// Something that uses images.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UserOf<'a> {
    /// `post`, `page`, `draft`, `profile`, `bug_report`.
    pub(crate) kind: &'a str,
    pub(crate) id: &'a str,
}

/// Stems of images by the id of what uses them.
pub(crate) type Used = BTreeMap<String, BTreeSet<String>>;

#[derive(FromQueryResult)]
struct Stem {
    stem: String,
}

/// The stems of those URLs that are of this service.
pub(crate) fn stems<'a>(urls: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    urls.into_iter().filter_map(name::of_url).map(|name| name::stem(name).to_owned()).collect()
}

/// What an event says replaces what was known, unless a newer one was there.
pub(crate) async fn apply(
    tx: &DatabaseTransaction,
    user: UserOf<'_>,
    stems: &BTreeSet<String>,
    sequence: i64,
    now: i64,
) -> Result<(), DbErr> {
    let advance = "INSERT INTO users_of_images (kind, user_of, sequence) VALUES ($1, $2, $3)
        ON CONFLICT (kind, user_of) DO UPDATE SET sequence = excluded.sequence
        WHERE users_of_images.sequence < excluded.sequence AND users_of_images.gone = 0";
    if sql::execute(tx, advance, [user.kind.into(), user.id.into(), sequence.into()]).await? == 0 {
        return Ok(());
    }
    set(tx, user, stems, now).await.map(|_| ())
}

/// It is gone for good, and uses nothing any more, whatever comes late.
pub(crate) async fn gone(tx: &DatabaseTransaction, user: UserOf<'_>, sequence: i64, now: i64) -> Result<(), DbErr> {
    let note = "INSERT INTO users_of_images (kind, user_of, sequence, gone) VALUES ($1, $2, $3, 1)
        ON CONFLICT (kind, user_of) DO UPDATE SET gone = 1";
    sql::execute(tx, note, [user.kind.into(), user.id.into(), sequence.into()]).await?;
    set(tx, user, &BTreeSet::new(), now).await.map(|_| ())
}

/// Sets what it uses; says whether that was something else before.
pub(crate) async fn set(
    tx: &DatabaseTransaction,
    user: UserOf<'_>,
    stems: &BTreeSet<String>,
    now: i64,
) -> Result<bool, DbErr> {
    let before = of(tx, user).await?;
    for stem in before.difference(stems) {
        let remove = "DELETE FROM uses WHERE kind = $1 AND user_of = $2 AND stem = $3";
        sql::execute(tx, remove, [user.kind.into(), user.id.into(), stem.as_str().into()]).await?;
        let unused = "UPDATE images SET unused_since = $2
            WHERE stem = $1 AND NOT EXISTS (SELECT 1 FROM uses WHERE uses.stem = images.stem)";
        sql::execute(tx, unused, [stem.as_str().into(), now.into()]).await?;
    }
    for stem in stems.difference(&before) {
        let add = "INSERT INTO uses (kind, user_of, stem) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        sql::execute(tx, add, [user.kind.into(), user.id.into(), stem.as_str().into()]).await?;
        sql::execute(tx, "UPDATE images SET unused_since = NULL WHERE stem = $1", [stem.as_str().into()]).await?;
    }
    Ok(&before != stems)
}

/// The stems of what it uses.
pub(crate) async fn of<C: ConnectionTrait>(db: &C, user: UserOf<'_>) -> Result<BTreeSet<String>, DbErr> {
    let query = "SELECT stem FROM uses WHERE kind = $1 AND user_of = $2";
    let rows = sql::all::<Stem, _>(db, query, [user.kind.into(), user.id.into()]).await?;
    Ok(rows.into_iter().map(|row| row.stem).collect())
}

#[derive(FromQueryResult)]
struct Use {
    user_of: String,
    stem: String,
}

/// What each of a kind uses, of those that use something.
pub(crate) async fn of_kind<C: ConnectionTrait>(db: &C, kind: &str) -> Result<Used, DbErr> {
    let rows = sql::all::<Use, _>(db, "SELECT user_of, stem FROM uses WHERE kind = $1", [kind.into()]).await?;
    let mut all = Used::new();
    for row in rows {
        all.entry(row.user_of).or_default().insert(row.stem);
    }
    Ok(all)
}
