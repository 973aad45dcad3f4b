//! A row for each restore, with how far it is: whoever goes on after a crash begins there.

use contracts::storage::{Restore, RestoreStatus};
use kit::{
    clock::rfc3339,
    db::{Db, sql},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult};

use super::small;

/// A row.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) backup_id: String,
    pub(crate) status: String,
    pub(crate) done: i32,
    step: String,
    percent: i32,
    error: Option<String>,
    pub(crate) attempts: i32,
    started_at: i64,
    finished_at: Option<i64>,
}

pub(crate) const PREPARING: &str = "PREPARING";
pub(crate) const COMMITTING: &str = "COMMITTING";
pub(crate) const UNDOING: &str = "UNDOING";

const COLUMNS: &str = "id, backup_id, status, done, step, percent, error, attempts, started_at, finished_at";
const UNFINISHED: &str = "status IN ('PREPARING', 'COMMITTING', 'UNDOING')";

impl From<Row> for Restore {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            status: match row.status.as_str() {
                PREPARING => RestoreStatus::Preparing,
                COMMITTING => RestoreStatus::Committing,
                UNDOING => RestoreStatus::Undoing,
                "DONE" => RestoreStatus::Done,
                _ => RestoreStatus::Undone,
            },
            step: row.step,
            percent: small(row.percent.into()),
            error: row.error,
            started_at: rfc3339(row.started_at),
            finished_at: row.finished_at.map(rfc3339),
        }
    }
}

pub(crate) async fn unfinished<C: ConnectionTrait>(db: &C) -> Result<i64, DbErr> {
    sql::number(db, &format!("SELECT COUNT(*) AS n FROM sagas WHERE {UNFINISHED}"), []).await
}

pub(crate) async fn start(tx: &DatabaseTransaction, id: &str, backup: &str, now: i64) -> Result<(), DbErr> {
    let query = "INSERT INTO sagas (id, backup_id, status, started_at) VALUES ($1, $2, 'PREPARING', $3)";
    sql::execute(tx, query, [id.into(), backup.into(), now.into()]).await.map(|_| ())
}

/// The last restore of a backup.
pub(crate) async fn last_of<C: ConnectionTrait>(db: &C, backup: &str) -> Result<Option<Restore>, DbErr> {
    let query = format!("SELECT {COLUMNS} FROM sagas WHERE backup_id = $1 ORDER BY id DESC LIMIT 1");
    Ok(sql::one::<Row, _>(db, &query, [backup.into()]).await?.map(Restore::from))
}

/// A restore that is due and that nobody works on now becomes `worker`'s.
pub(crate) async fn claim(db: &Db, worker: &str, now: i64, until: i64) -> Result<Option<Row>, DbErr> {
    let query = format!(
        "UPDATE sagas SET worker = $1, leased_until = $2
        WHERE id = (SELECT id FROM sagas
                WHERE {UNFINISHED} AND leased_until <= $3 AND next_attempt_at <= $3 ORDER BY id LIMIT 1)
            AND leased_until <= $3
        RETURNING {COLUMNS}"
    );
    sql::one(db.write(), &query, [worker.into(), until.into(), now.into()]).await
}

/// A step is done; the next is `step`.
pub(crate) async fn advance(
    db: &Db,
    id: &str,
    status: &str,
    done: usize,
    step: &str,
    percent: u32,
) -> Result<(), DbErr> {
    let query = "UPDATE sagas SET status = $2, done = $3, step = $4, percent = $5, attempts = 0 WHERE id = $1";
    let number = |number: usize| i32::try_from(number).unwrap_or_default();
    let percent = i32::try_from(percent.min(99)).unwrap_or_default();
    sql::execute(db.write(), query, [id.into(), status.into(), number(done).into(), step.into(), percent.into()])
        .await
        .map(|_| ())
}

/// A step begins: how it is called, should anybody ask.
pub(crate) async fn advance_to(
    db: &Db,
    id: &str,
    status: &str,
    done: usize,
    step: &str,
    percent: u32,
) -> Result<(), DbErr> {
    let query = "UPDATE sagas SET status = $2, done = $3, step = $4, percent = $5 WHERE id = $1";
    let done = i32::try_from(done).unwrap_or_default();
    let percent = i32::try_from(percent.min(99)).unwrap_or_default();
    sql::execute(db.write(), query, [id.into(), status.into(), done.into(), step.into(), percent.into()])
        .await
        .map(|_| ())
}

/// How often the step under way was tried.
pub(crate) async fn attempts(db: &Db, id: &str) -> Result<i32, DbErr> {
    let query = format!("SELECT {COLUMNS} FROM sagas WHERE id = $1");
    Ok(sql::one::<Row, _>(db.write(), &query, [id.into()]).await?.map_or(0, |row| row.attempts))
}

/// A step failed and is to be tried again.
pub(crate) async fn retry(db: &Db, id: &str, at: i64) -> Result<(), DbErr> {
    let query = "UPDATE sagas SET attempts = attempts + 1, next_attempt_at = $2, leased_until = 0 WHERE id = $1";
    sql::execute(db.write(), query, [id.into(), at.into()]).await.map(|_| ())
}

/// A step failed for good: from here on everything is undone.
pub(crate) async fn undo(db: &Db, id: &str, reason: &str) -> Result<(), DbErr> {
    let query = "UPDATE sagas SET status = 'UNDOING', step = 'undo', attempts = 0, error = $2 WHERE id = $1";
    sql::execute(db.write(), query, [id.into(), reason.into()]).await.map(|_| ())
}

/// It is over: `DONE` or `UNDONE`.
pub(crate) async fn finish(db: &Db, id: &str, status: &str, now: i64) -> Result<(), DbErr> {
    let tx = db.begin().await?;
    let query = "UPDATE sagas SET status = $2, step = '', percent = 100, finished_at = $3, leased_until = 0
        WHERE id = $1";
    sql::execute(&tx, query, [id.into(), status.into(), now.into()]).await?;
    sql::execute(&tx, "DELETE FROM saga_objects WHERE saga_id = $1", [id.into()]).await?;
    tx.commit().await
}

/// Keeps others off what this worker works on (`backups` or `sagas`).
pub(crate) async fn renew(db: &Db, table: &'static str, id: &str, worker: &str, until: i64) -> Result<(), DbErr> {
    let query = format!("UPDATE {table} SET leased_until = $3 WHERE id = $1 AND worker = $2 AND leased_until > 0");
    sql::execute(db.write(), &query, [id.into(), worker.into(), until.into()]).await.map(|_| ())
}

/// An object is brought that was not there before. Noted before it is.
pub(crate) async fn brings(db: &Db, id: &str, name: &str) -> Result<(), DbErr> {
    let query = "INSERT INTO saga_objects (saga_id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    sql::execute(db.write(), query, [id.into(), name.into()]).await.map(|_| ())
}

#[derive(FromQueryResult)]
struct Name {
    name: String,
}

/// Objects that it brought.
pub(crate) async fn brought(db: &Db, id: &str) -> Result<Vec<String>, DbErr> {
    let query = "SELECT name FROM saga_objects WHERE saga_id = $1 ORDER BY name";
    Ok(sql::all::<Name, _>(db.write(), query, [id.into()]).await?.into_iter().map(|row| row.name).collect())
}

pub(crate) async fn delete_of(tx: &DatabaseTransaction, backup: &str) -> Result<(), DbErr> {
    sql::execute(tx, "DELETE FROM sagas WHERE backup_id = $1", [backup.into()]).await.map(|_| ())
}
