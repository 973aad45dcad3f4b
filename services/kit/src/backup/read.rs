//! The snapshot.

use bytes::Bytes;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, Value};
use serde_json::{Map, Value as Json, json};
use tokio::sync::mpsc;

use super::{
    Backup, Table,
    columns::{self, Column},
};
use crate::db::sql;

/// Rows that are read at once.
const PAGE: usize = 500;

/// A line of a snapshot.
pub(super) type Line = Result<Bytes, DbErr>;

impl Backup {
    /// All rows as they are at this moment, one line of JSON each: `{"table": …, "row": {…}}`.
    /// Whoever stops listening ends the reading.
    pub fn snapshot(&self) -> mpsc::Receiver<Line> {
        let (lines, receiver) = mpsc::channel(64);
        let backup = self.clone();
        tokio::spawn(async move {
            if let Err(error) = backup.read_all(&lines).await {
                // The last thing that the listener gets.
                let _ = lines.send(Err(error)).await;
            }
        });
        receiver
    }

    async fn read_all(&self, lines: &mpsc::Sender<Line>) -> Result<(), DbErr> {
        let tx = self.db.begin_reading().await?;
        for table in self.tables {
            let mut page = Page::of(&tx, *table).await?;
            while let Some(rows) = page.next(&tx).await? {
                for row in rows {
                    let mut line = json!({ "table": table.name, "row": row }).to_string();
                    line.push('\n');
                    if lines.send(Ok(line.into())).await.is_err() {
                        return Ok(());
                    }
                }
            }
        }
        tx.commit().await
    }
}

/// Reads a table in the order of its key.
pub(super) struct Page {
    table: Table,
    columns: Vec<Column>,
    after: Option<Vec<Value>>,
    done: bool,
}

impl Page {
    pub(super) async fn of(tx: &DatabaseTransaction, table: Table) -> Result<Self, DbErr> {
        Ok(Self { table, columns: columns::of(tx, table.name).await?, after: None, done: false })
    }

    /// The next rows; `None` at the end.
    pub(super) async fn next(&mut self, tx: &DatabaseTransaction) -> Result<Option<Vec<Map<String, Json>>>, DbErr> {
        if self.done {
            return Ok(None);
        }
        let backend = tx.get_database_backend();
        let key = self.table.key.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        let (condition, values) = match self.after.take() {
            None => (String::new(), Vec::new()),
            Some(values) => {
                let places: Vec<String> = (1..=values.len()).map(|place| format!("${place}")).collect();
                (format!("WHERE ({key}) > ({})", places.join(", ")), values)
            }
        };
        let query = format!(
            "SELECT {} FROM \"{}\" {condition} ORDER BY {key} LIMIT {PAGE}",
            columns::select(&self.columns, backend),
            self.table.name,
        );
        let found = tx.query_all_raw(sql::statement(tx, &query, values)).await?;
        let rows = found.iter().map(|row| columns::to_json(row, &self.columns)).collect::<Result<Vec<_>, _>>()?;
        self.done = rows.len() < PAGE;
        self.after = rows.last().map(|row| self.key_of(row));
        Ok(Some(rows))
    }

    fn key_of(&self, row: &Map<String, Json>) -> Vec<Value> {
        let value = |name: &&str| {
            let column = self.columns.iter().find(|column| column.name == **name)?;
            columns::from_json(row.get(*name), column.kind)
        };
        self.table.key.iter().filter_map(value).collect()
    }
}
