//! The restore, in steps that can be repeated and undone.

use std::collections::HashMap;

use axum::body::Body;
use futures_util::StreamExt;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::{
    Backup, BackupError, Table,
    columns::{self, Column},
    read::Page,
};
use crate::db::sql;

/// A line of a snapshot.
#[derive(Serialize, Deserialize)]
struct Line {
    table: String,
    row: Map<String, Json>,
}

#[derive(FromQueryResult)]
struct State {
    state: String,
}

#[derive(FromQueryResult)]
struct Staged {
    position: i64,
    table_name: String,
    data: String,
}

const PREPARED: &str = "prepared";
const COMMITTED: &str = "committed";
/// The rows that a restore brings, and those that it replaced.
const NEW: &str = "new";
const OLD: &str = "old";
/// Event tables that a commit empties, with their keys, where a service has them.
const PENDING: [Table; 3] = [
    Table { name: "outbox", key: &["id"] },
    Table { name: "dead_letters", key: &["id"] },
    Table { name: "parked", key: &["id"] },
];
/// Longest line: the largest row there may be.
const LINE_LIMIT: usize = 64 << 20;

impl Backup {
    /// Keeps the rows of a snapshot aside and checks that they fit. Answers how many there are. A
    /// second time it takes the rows anew, unless they were put in place already.
    ///
    /// # Errors
    /// When the snapshot is not one, or was broken off.
    pub async fn prepare(&self, token: &str, snapshot: Body) -> Result<i64, BackupError> {
        let tx = self.db.begin().await?;
        if state(&tx, token).await?.as_deref() == Some(COMMITTED) {
            return Ok(staged_count(&tx, token).await?);
        }
        forget(&tx, token).await?;
        let columns = self.columns(&tx).await?;
        let mut count = 0;
        let mut rest: Vec<u8> = Vec::new();
        let mut chunks = snapshot.into_data_stream();
        while let Some(chunk) = chunks.next().await {
            rest.extend_from_slice(&chunk.map_err(BackupError::Broken)?);
            let Some(end) = rest.iter().rposition(|byte| *byte == b'\n') else {
                if rest.len() > LINE_LIMIT {
                    return Err(BackupError::Line { line: count + 1, reason: "is too long".to_owned() });
                }
                continue;
            };
            let tail = rest.split_off(end + 1);
            for line in std::mem::replace(&mut rest, tail).split(|byte| *byte == b'\n') {
                count = stage(&tx, token, &columns, count, line).await?;
            }
        }
        count = stage(&tx, token, &columns, count, &rest).await?;
        self.note(&tx, token, PREPARED).await?;
        tx.commit().await?;
        Ok(count)
    }

    /// Puts the prepared rows in the place of all that is there.
    ///
    /// # Errors
    /// When nothing was prepared under this token, or the rows contradict each other; nothing is
    /// changed then.
    pub async fn commit(&self, token: &str) -> Result<(), BackupError> {
        let tx = self.db.begin().await?;
        match state(&tx, token).await?.as_deref() {
            Some(COMMITTED) => return Ok(()),
            Some(_) => {}
            None => return Err(BackupError::State("Nothing was prepared under this token.")),
        }
        let columns = self.columns(&tx).await?;
        self.defer_references(&tx).await?;
        let pending = pending(&tx).await?;
        self.keep_old(&tx, token, &pending).await?;
        self.empty(&tx, &pending).await?;
        self.fill(&tx, token, NEW, &columns).await?;
        self.note(&tx, token, COMMITTED).await?;
        tx.commit().await?;
        self.replaced().await;
        Ok(())
    }

    /// Undoes what was prepared or committed under this token. A token that is not known is fine: the
    /// restore never came here.
    ///
    /// # Errors
    /// When the database refuses it; nothing is changed then.
    pub async fn rollback(&self, token: &str) -> Result<(), BackupError> {
        let tx = self.db.begin().await?;
        if state(&tx, token).await?.as_deref() == Some(COMMITTED) {
            let pending = pending(&tx).await?;
            let mut columns = self.columns(&tx).await?;
            for table in &pending {
                columns.insert(table.name.to_owned(), columns::of(&tx, table.name).await?);
            }
            self.defer_references(&tx).await?;
            self.empty(&tx, &pending).await?;
            self.fill(&tx, token, OLD, &columns).await?;
        }
        forget(&tx, token).await?;
        tx.commit().await?;
        self.replaced().await;
        Ok(())
    }

    /// Ends a restore: it can no longer be undone, and its rows are no longer kept.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn forget(&self, token: &str) -> Result<(), BackupError> {
        let tx = self.db.begin().await?;
        forget(&tx, token).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn columns(&self, tx: &DatabaseTransaction) -> Result<HashMap<String, Vec<Column>>, DbErr> {
        let mut all = HashMap::new();
        for table in self.tables {
            all.insert(table.name.to_owned(), columns::of(tx, table.name).await?);
        }
        Ok(all)
    }

    /// References are checked at the end of the transaction where the database can do that.
    async fn defer_references(&self, tx: &DatabaseTransaction) -> Result<(), DbErr> {
        let sql = match self.db.backend() {
            DbBackend::Sqlite => "PRAGMA defer_foreign_keys = ON",
            _ => "SET CONSTRAINTS ALL DEFERRED",
        };
        tx.execute_unprepared(sql).await.map(|_| ())
    }

    async fn note(&self, tx: &DatabaseTransaction, token: &str, state: &str) -> Result<(), DbErr> {
        let sql = "INSERT INTO restores (token, state, at) VALUES ($1, $2, $3)
            ON CONFLICT (token) DO UPDATE SET state = excluded.state, at = excluded.at";
        sql::execute(tx, sql, [token.into(), state.into(), self.clock.millis().into()]).await.map(|_| ())
    }

    async fn keep_old(&self, tx: &DatabaseTransaction, token: &str, pending: &[Table]) -> Result<(), DbErr> {
        let mut position = 0;
        for table in self.tables.iter().chain(pending) {
            let mut page = Page::of(tx, *table).await?;
            while let Some(rows) = page.next(tx).await? {
                for row in rows {
                    position += 1;
                    keep(tx, token, OLD, position, table.name, &Json::Object(row).to_string()).await?;
                }
            }
        }
        Ok(())
    }

    async fn empty(&self, tx: &DatabaseTransaction, pending: &[Table]) -> Result<(), DbErr> {
        for table in self.tables.iter().chain(pending).rev() {
            tx.execute_unprepared(&format!("DELETE FROM \"{}\"", table.name)).await?;
        }
        Ok(())
    }

    async fn fill(
        &self,
        tx: &DatabaseTransaction,
        token: &str,
        side: &str,
        columns: &HashMap<String, Vec<Column>>,
    ) -> Result<(), BackupError> {
        let query = "SELECT position, table_name, data FROM restore_rows
            WHERE token = $1 AND side = $2 AND position > $3 ORDER BY position LIMIT 200";
        let mut position = 0;
        loop {
            let rows = sql::all::<Staged, _>(tx, query, [token.into(), side.into(), position.into()]).await?;
            if rows.is_empty() {
                return Ok(());
            }
            for row in rows {
                position = row.position;
                let wrong = |reason: String| BackupError::Line { line: row.position, reason };
                let data: Map<String, Json> =
                    serde_json::from_str(&row.data).map_err(|error| wrong(error.to_string()))?;
                let columns = columns.get(&row.table_name).ok_or_else(|| wrong("no such table".to_owned()))?;
                let (sql, values) = insert(&row.table_name, columns, &data).map_err(wrong)?;
                sql::execute(tx, &sql, values).await?;
            }
        }
    }
}

/// Checks a line and keeps it; answers the new count.
async fn stage(
    tx: &DatabaseTransaction,
    token: &str,
    columns: &HashMap<String, Vec<Column>>,
    count: i64,
    line: &[u8],
) -> Result<i64, BackupError> {
    if line.iter().all(u8::is_ascii_whitespace) {
        return Ok(count);
    }
    let position = count + 1;
    let wrong = |reason: String| BackupError::Line { line: position, reason };
    let line: Line = serde_json::from_slice(line).map_err(|error| wrong(error.to_string()))?;
    let known = columns.get(&line.table).ok_or_else(|| wrong(format!("there is no table {}", line.table)))?;
    insert(&line.table, known, &line.row).map_err(wrong)?;
    keep(tx, token, NEW, position, &line.table, &Json::Object(line.row).to_string()).await?;
    Ok(position)
}

/// The statement that brings a row in. Columns that the row does not have get their defaults, so that
/// an older backup fits a newer schema.
fn insert(table: &str, columns: &[Column], row: &Map<String, Json>) -> Result<(String, Vec<Value>), String> {
    if let Some(unknown) = row.keys().find(|name| columns.iter().all(|column| column.name != **name)) {
        return Err(format!("{table} has no column {unknown}: the backup is of a newer version"));
    }
    let (mut names, mut places, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for column in columns.iter().filter(|column| row.contains_key(&column.name)) {
        let value = columns::from_json(row.get(&column.name), column.kind)
            .ok_or_else(|| format!("{table}.{} does not hold such a value", column.name))?;
        names.push(format!("\"{}\"", column.name));
        values.push(value);
        places.push(format!("${}", values.len()));
    }
    Ok((format!("INSERT INTO \"{table}\" ({}) VALUES ({})", names.join(", "), places.join(", ")), values))
}

async fn keep(
    tx: &DatabaseTransaction,
    token: &str,
    side: &str,
    position: i64,
    table: &str,
    data: &str,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO restore_rows (token, side, position, table_name, data) VALUES ($1, $2, $3, $4, $5)";
    sql::execute(tx, sql, [token.into(), side.into(), position.into(), table.into(), data.into()]).await.map(|_| ())
}

async fn state(tx: &DatabaseTransaction, token: &str) -> Result<Option<String>, DbErr> {
    let query = "SELECT state FROM restores WHERE token = $1";
    Ok(sql::one::<State, _>(tx, query, [token.into()]).await?.map(|row| row.state))
}

async fn staged_count(tx: &DatabaseTransaction, token: &str) -> Result<i64, DbErr> {
    let query = "SELECT COUNT(*) AS n FROM restore_rows WHERE token = $1 AND side = 'new'";
    sql::number(tx, query, [token.into()]).await
}

async fn forget(tx: &DatabaseTransaction, token: &str) -> Result<(), DbErr> {
    sql::execute(tx, "DELETE FROM restore_rows WHERE token = $1", [token.into()]).await?;
    sql::execute(tx, "DELETE FROM restores WHERE token = $1", [token.into()]).await.map(|_| ())
}

/// Which of the event tables this service has.
async fn pending(tx: &DatabaseTransaction) -> Result<Vec<Table>, DbErr> {
    let query = match tx.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT COUNT(*) AS n FROM information_schema.tables
            WHERE table_schema = current_schema() AND table_name = $1"
        }
        _ => "SELECT COUNT(*) AS n FROM sqlite_master WHERE type = 'table' AND name = $1",
    };
    let mut found = Vec::new();
    for table in PENDING {
        if sql::number(tx, query, [table.name.into()]).await? > 0 {
            found.push(table);
        }
    }
    Ok(found)
}
