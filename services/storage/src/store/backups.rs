//! A row for each backup.

use std::collections::HashSet;

use contracts::storage::{Backup, BackupList, BackupPart, BackupStatus};
use kit::{
    clock::rfc3339,
    db::{Db, sql},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult};

use super::{sagas, small, unsigned};

/// A row.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) status: String,
    step: String,
    percent: i32,
    size: i64,
    pub(crate) digest: String,
    parts: String,
    objects: i32,
    error: Option<String>,
    pub(crate) attempts: i32,
    created_at: i64,
    finished_at: Option<i64>,
    verified_at: Option<i64>,
}

pub(crate) const RUNNING: &str = "RUNNING";
pub(crate) const READY: &str = "READY";

const SELECT: &str = "SELECT id, status, step, percent, size, digest, parts, objects, error, attempts, created_at,
    finished_at, verified_at FROM backups";

/// What is known of a finished archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Archive {
    pub(crate) size: u64,
    pub(crate) digest: String,
    pub(crate) parts: Vec<BackupPart>,
    pub(crate) objects: u32,
}

impl Row {
    fn into_backup(self, restore: Option<contracts::storage::Restore>) -> Backup {
        Backup {
            id: self.id,
            status: match self.status.as_str() {
                READY => BackupStatus::Ready,
                RUNNING => BackupStatus::Running,
                _ => BackupStatus::Failed,
            },
            step: self.step,
            percent: small(self.percent.into()),
            size: unsigned(self.size),
            digest: self.digest,
            parts: serde_json::from_str(&self.parts).unwrap_or_default(),
            objects: small(self.objects.into()),
            error: self.error,
            created_at: rfc3339(self.created_at),
            finished_at: self.finished_at.map(rfc3339),
            verified_at: self.verified_at.map(rfc3339),
            restore,
        }
    }
}

/// Takes the turn of whoever starts or removes something: until the transaction ends nobody else does.
pub(crate) async fn take_turn(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    sql::execute(tx, "UPDATE turns SET taken = taken + 1 WHERE id = 1", []).await.map(|_| ())
}

/// Takes the turn; says whether nothing is under way.
pub(crate) async fn is_idle(tx: &DatabaseTransaction) -> Result<bool, DbErr> {
    take_turn(tx).await?;
    let running = "SELECT COUNT(*) AS n FROM backups WHERE status = 'RUNNING'";
    Ok(sql::number(tx, running, []).await? + sagas::unfinished(tx).await? == 0)
}

/// A backup that is to be made.
pub(crate) async fn start(tx: &DatabaseTransaction, id: &str, now: i64) -> Result<(), DbErr> {
    let query = "INSERT INTO backups (id, status, created_at) VALUES ($1, 'RUNNING', $2)";
    sql::execute(tx, query, [id.into(), now.into()]).await.map(|_| ())
}

/// A backup whose archive was brought.
pub(crate) async fn bring<C: ConnectionTrait>(db: &C, id: &str, archive: &Archive, now: i64) -> Result<(), DbErr> {
    let query = "INSERT INTO backups (id, status, created_at) VALUES ($1, 'RUNNING', $2)";
    sql::execute(db, query, [id.into(), now.into()]).await?;
    ready(db, id, archive, now).await
}

pub(crate) async fn find<C: ConnectionTrait>(db: &C, id: &str) -> Result<Option<Row>, DbErr> {
    sql::one(db, &format!("{SELECT} WHERE id = $1"), [id.into()]).await
}

#[derive(FromQueryResult)]
struct Id {
    id: String,
}

/// Ids of all.
pub(crate) async fn ids<C: ConnectionTrait>(db: &C) -> Result<HashSet<String>, DbErr> {
    let rows = sql::all::<Id, _>(db, "SELECT id FROM backups", []).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// A backup as it goes out.
pub(crate) async fn show<C: ConnectionTrait>(db: &C, id: &str) -> Result<Option<Backup>, DbErr> {
    let Some(row) = find(db, id).await? else { return Ok(None) };
    let restore = sagas::last_of(db, id).await?;
    Ok(Some(row.into_backup(restore)))
}

/// One page of them, newest first.
pub(crate) async fn list(db: &Db, page: u32, size: u32) -> Result<BackupList, DbErr> {
    let total = sql::number(db.read(), "SELECT COUNT(*) AS n FROM backups", []).await?;
    let (limit, offset) = (i64::from(size), i64::from(page.saturating_sub(1)) * i64::from(size));
    let query = format!("{SELECT} ORDER BY id DESC LIMIT $1 OFFSET $2");
    let rows = sql::all::<Row, _>(db.read(), &query, [limit.into(), offset.into()]).await?;
    let mut backups = Vec::with_capacity(rows.len());
    for row in rows {
        let restore = sagas::last_of(db.read(), &row.id).await?;
        backups.push(row.into_backup(restore));
    }
    Ok(BackupList { items: backups, total: u32::try_from(total).unwrap_or(u32::MAX) })
}

/// A backup that nobody works on now becomes `worker`'s.
pub(crate) async fn claim(db: &Db, worker: &str, now: i64, until: i64) -> Result<Option<Row>, DbErr> {
    let query = "UPDATE backups SET worker = $1, leased_until = $2, attempts = attempts + 1
        WHERE id = (SELECT id FROM backups WHERE status = 'RUNNING' AND leased_until <= $3 ORDER BY id LIMIT 1)
            AND leased_until <= $3
        RETURNING id, status, step, percent, size, digest, parts, objects, error, attempts, created_at, finished_at,
            verified_at";
    sql::one(db.write(), query, [worker.into(), until.into(), now.into()]).await
}

/// How far it is.
pub(crate) async fn progress<C: ConnectionTrait>(db: &C, id: &str, step: &str, percent: u32) -> Result<(), DbErr> {
    let query = "UPDATE backups SET step = $2, percent = $3 WHERE id = $1 AND status = 'RUNNING'";
    let percent = i32::try_from(percent.min(99)).unwrap_or_default();
    sql::execute(db, query, [id.into(), step.into(), percent.into()]).await.map(|_| ())
}

/// It is whole.
pub(crate) async fn ready<C: ConnectionTrait>(db: &C, id: &str, archive: &Archive, now: i64) -> Result<(), DbErr> {
    let query = "UPDATE backups SET status = 'READY', step = '', percent = 100, size = $2, digest = $3, parts = $4,
        objects = $5, error = NULL, finished_at = $6, verified_at = $6, leased_until = 0 WHERE id = $1";
    let parts = serde_json::to_string(&archive.parts).unwrap_or_default();
    let values = [
        id.into(),
        i64::try_from(archive.size).unwrap_or(i64::MAX).into(),
        archive.digest.as_str().into(),
        parts.into(),
        i32::try_from(archive.objects).unwrap_or(i32::MAX).into(),
        now.into(),
    ];
    sql::execute(db, query, values).await.map(|_| ())
}

/// It will not be.
pub(crate) async fn failed<C: ConnectionTrait>(db: &C, id: &str, reason: &str, now: i64) -> Result<(), DbErr> {
    let query = "UPDATE backups SET status = 'FAILED', step = '', error = $2, finished_at = $3, leased_until = 0
        WHERE id = $1 AND status = 'RUNNING'";
    sql::execute(db, query, [id.into(), reason.into(), now.into()]).await.map(|_| ())
}

/// Nobody works on it until then.
pub(crate) async fn later<C: ConnectionTrait>(db: &C, id: &str, at: i64) -> Result<(), DbErr> {
    sql::execute(db, "UPDATE backups SET leased_until = $2 WHERE id = $1", [id.into(), at.into()]).await.map(|_| ())
}

/// Its digests were compared, and are right.
pub(crate) async fn verified<C: ConnectionTrait>(db: &C, id: &str, now: i64) -> Result<(), DbErr> {
    sql::execute(db, "UPDATE backups SET verified_at = $2 WHERE id = $1", [id.into(), now.into()]).await.map(|_| ())
}

/// Forgets it.
pub(crate) async fn delete(tx: &DatabaseTransaction, id: &str) -> Result<(), DbErr> {
    sagas::delete_of(tx, id).await?;
    sql::execute(tx, "DELETE FROM backups WHERE id = $1", [id.into()]).await.map(|_| ())
}
