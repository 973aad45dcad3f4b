//! Schema changes, forward only.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, FromQueryResult};
use sha2::{Digest, Sha256};

use super::{Db, sql};
use crate::clock::Clock;

/// One step of a schema, in SQL that both databases understand. A step that ran somewhere is never
/// changed again: what follows from it is a new step.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// 1, 2, 3, …
    pub number: i32,
    /// What it brings.
    pub name: &'static str,
    /// One or more statements.
    pub sql: &'static str,
}

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// A statement failed; the step left nothing behind.
    #[error("migration {number} ({name}) failed")]
    Failed {
        /// Which one.
        number: i32,
        /// Its name.
        name: &'static str,
        /// Why.
        source: DbErr,
    },
    /// Its text is not what ran here.
    #[error("migration {0} was changed after it ran on this database")]
    Changed(i32),
    /// A newer program was here.
    #[error("the database has migration {0}, which this version does not know: start a newer version")]
    Newer(i32),
    /// The table of migrations.
    #[error("the database could not be asked for its migrations")]
    Database(#[from] DbErr),
}

#[derive(FromQueryResult)]
struct Applied {
    number: i32,
    digest: String,
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS migrations (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    applied_at BIGINT NOT NULL
)";

pub(super) async fn migrate(db: &Db, migrations: &[Migration]) -> Result<(), MigrateError> {
    let tx = begin(db).await?;
    tx.execute_unprepared(TABLE).await?;
    tx.commit().await?;
    for migration in migrations {
        apply(db, migration).await?;
    }
    let newest = migrations.iter().map(|migration| migration.number).max().unwrap_or(0);
    let sql = "SELECT number, digest FROM migrations WHERE number > $1";
    match sql::one::<Applied, _>(db.write(), sql, [newest.into()]).await? {
        Some(applied) => Err(MigrateError::Newer(applied.number)),
        None => Ok(()),
    }
}

async fn apply(db: &Db, migration: &Migration) -> Result<(), MigrateError> {
    let tx = begin(db).await?;
    let digest = digest(migration.sql);
    let sql = "SELECT number, digest FROM migrations WHERE number = $1";
    if let Some(applied) = sql::one::<Applied, _>(&tx, sql, [migration.number.into()]).await? {
        return if applied.digest == digest { Ok(()) } else { Err(MigrateError::Changed(migration.number)) };
    }
    let failed = |source| MigrateError::Failed { number: migration.number, name: migration.name, source };
    tx.execute_unprepared(migration.sql).await.map_err(failed)?;
    let sql = "INSERT INTO migrations (number, name, digest, applied_at) VALUES ($1, $2, $3, $4)";
    let now = Clock::system().millis();
    sql::execute(&tx, sql, [migration.number.into(), migration.name.into(), digest.into(), now.into()])
        .await
        .map_err(failed)?;
    tx.commit().await.map_err(failed)
}

/// A transaction that no other process migrates beside. On SQLite it is the only writer anyway.
async fn begin(db: &Db) -> Result<DatabaseTransaction, DbErr> {
    let tx = db.begin().await?;
    if db.backend() == DbBackend::Postgres {
        // Any constant will do, as long as all replicas use the same.
        tx.execute_unprepared("SELECT pg_advisory_xact_lock(5568211)").await?;
    }
    Ok(tx)
}

fn digest(sql: &str) -> String {
    use std::fmt::Write;
    Sha256::digest(sql.as_bytes()).iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
