//! Small helpers for statements that both databases understand. Placeholders are `$1`, `$2`, …

use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement, Value};
use tracing::{Instrument, Span};

/// A statement with its values. Texts lose the character U+0000: PostgreSQL cannot keep it, and
/// both databases are to hold the same.
pub fn statement<C: ConnectionTrait>(db: &C, sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(db.get_database_backend(), sql, values.into_iter().map(without_nul))
}

/// The statement alone: what it is about is in the values, which nobody else is to see.
fn span<C: ConnectionTrait>(db: &C, sql: &str) -> Span {
    let system = match db.get_database_backend() {
        DbBackend::Sqlite => "sqlite",
        DbBackend::Postgres => "postgresql",
        _ => "other_sql",
    };
    tracing::debug_span!("query", otel.kind = "client", db.system.name = system, db.query.text = sql)
}

fn without_nul(value: Value) -> Value {
    match value {
        Value::String(Some(text)) if text.contains('\0') => Value::from(text.replace('\0', "")),
        other => other,
    }
}

/// Runs a statement and says how many rows it touched.
///
/// # Errors
/// When the database refuses it.
pub async fn execute<C: ConnectionTrait>(
    db: &C,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64, DbErr> {
    Ok(db.execute_raw(statement(db, sql, values)).instrument(span(db, sql)).await?.rows_affected())
}

/// The first row of a query, if there is one.
///
/// # Errors
/// When the database refuses it or the row has another shape.
pub async fn one<T: FromQueryResult, C: ConnectionTrait>(
    db: &C,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<T>, DbErr> {
    db.query_one_raw(statement(db, sql, values))
        .instrument(span(db, sql))
        .await?
        .map(|row| T::from_query_result(&row, ""))
        .transpose()
}

/// All rows of a query.
///
/// # Errors
/// When the database refuses it or the rows have another shape.
pub async fn all<T: FromQueryResult, C: ConnectionTrait>(
    db: &C,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<T>, DbErr> {
    let rows = db.query_all_raw(statement(db, sql, values)).instrument(span(db, sql)).await?;
    rows.iter().map(|row| T::from_query_result(row, "")).collect()
}

/// The single number a query like `SELECT COUNT(*)` answers; 0 when there is no row. The query
/// names it `n`.
///
/// # Errors
/// When the database refuses it.
pub async fn number<C: ConnectionTrait>(
    db: &C,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<i64, DbErr> {
    match db.query_one_raw(statement(db, sql, values)).instrument(span(db, sql)).await? {
        Some(row) => row.try_get("", "n"),
        None => Ok(0),
    }
}
