//! What changed since the index was last written.
//!
//! The database itself notes each change that a search can see, in the transaction of the change: a
//! trigger forgets no way of writing, not even an import or a restored backup. The note is kept for
//! days, and each index remembers how far it has read; so an index that was away catches up, and
//! several replicas can each have their own.

use kit::db::{Db, sql};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult};

/// For how long notes are kept.
pub(super) const KEPT_MILLIS: i64 = 3 * 24 * 3600 * 1000;

/// A note.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Note {
    pub(super) id: String,
    pub(super) post_id: String,
    pub(super) at: i64,
}

/// On PostgreSQL a transaction may commit after a later note was read, so this much is read again; on
/// SQLite writers come one after the other.
pub(super) fn overlap(backend: DbBackend) -> i64 {
    if backend == DbBackend::Postgres { 10_000 } else { 0 }
}

/// Makes the triggers, or makes them anew.
pub(super) async fn install(db: &Db) -> Result<(), DbErr> {
    let tx = db.begin().await?;
    if db.backend() == DbBackend::Postgres {
        // Locks the tables, and would not get on with somebody who holds one and wants another.
        tx.execute_unprepared(crate::app::WRITERS).await?;
        tx.execute_unprepared(include_str!("triggers.postgres.sql")).await?;
    } else {
        tx.execute_unprepared(include_str!("triggers.sqlite.sql")).await?;
    }
    tx.commit().await
}

/// The database's time: that of the notes.
pub(super) async fn now(db: &Db) -> Result<i64, DbErr> {
    let query = match db.backend() {
        DbBackend::Postgres => "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) AS n",
        _ => "SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) AS n",
    };
    sql::number(db.read(), query, []).await
}

/// Notes from `since` on, after the one that was read last.
pub(super) async fn read(db: &Db, since: i64, after: &str, limit: i64) -> Result<Vec<Note>, DbErr> {
    let query = "SELECT id, post_id, at FROM search_log WHERE (at, id) > ($1, $2) ORDER BY at, id LIMIT $3";
    sql::all(db.read(), query, [since.into(), after.into(), limit.into()]).await
}

/// Forgets notes that are too old.
pub(super) async fn trim(db: &Db, now: i64) -> Result<(), DbErr> {
    sql::execute(db.write(), "DELETE FROM search_log WHERE at < $1", [(now - KEPT_MILLIS).into()]).await.map(|_| ())
}

/// Notes by hand that a post is to be indexed anew.
pub(super) async fn add(db: &Db, post_id: &str) -> Result<(), DbErr> {
    let query = match db.backend() {
        DbBackend::Postgres => {
            "INSERT INTO search_log (id, post_id, at)
            VALUES ($1, $2, CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT))"
        }
        _ => {
            "INSERT INTO search_log (id, post_id, at)
            VALUES ($1, $2, CAST(unixepoch('subsec') * 1000 AS INTEGER))"
        }
    };
    sql::execute(db.write(), query, [kit::id::new().into(), post_id.into()]).await.map(|_| ())
}
