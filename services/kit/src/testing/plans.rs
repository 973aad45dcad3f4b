//! In which steps a database answers, to see that it uses the indexes that are meant for a question.

use sea_orm::{DbBackend, FromQueryResult, Value};

use crate::db::{Db, sql};

#[derive(FromQueryResult)]
struct Sqlite {
    detail: String,
}

#[derive(FromQueryResult)]
struct Postgres {
    #[sea_orm(from_alias = "QUERY PLAN")]
    line: String,
}

/// The steps of a query, one a line, as the database words them.
///
/// # Panics
/// When it is no query.
pub async fn plan(db: &Db, query: &str, values: Vec<Value>) -> Vec<String> {
    if db.backend() == DbBackend::Postgres {
        let rows = sql::all::<Postgres, _>(db.read(), &format!("EXPLAIN {query}"), values).await;
        rows.expect("a plan").into_iter().map(|row| row.line).collect()
    } else {
        let rows = sql::all::<Sqlite, _>(db.read(), &format!("EXPLAIN QUERY PLAN {query}"), values).await;
        rows.expect("a plan").into_iter().map(|row| row.detail).collect()
    }
}

/// Sees to it that a query uses `index`, and reads none of `tables` (a name and its alias) as a whole.
///
/// # Panics
/// When it does.
pub async fn uses_index(db: &Db, query: &str, values: Vec<Value>, index: &str, tables: &[(&str, &str)]) {
    let steps = plan(db, query, values).await;
    let whole = |step: &String| {
        tables.iter().any(|(table, alias)| {
            let scanned = step.split_whitespace().collect::<Vec<_>>();
            step.contains(&format!("Seq Scan on {table} "))
                || (scanned.first() == Some(&"SCAN")
                    && scanned.get(1).is_some_and(|name| name == alias || name == table)
                    && !step.contains("USING"))
        })
    };
    assert!(steps.iter().any(|step| step.contains(index)), "{query}\ndoes not use {index}: {steps:#?}");
    assert!(!steps.iter().any(whole), "{query}\nreads everything: {steps:#?}");
}
