//! A database that is away, told from one that says no.

use sea_orm::{DbErr, RuntimeErr, sqlx};

/// Whether the database could not be reached: it may be there again in a moment, and what was asked
/// is not at fault.
pub fn is_away(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => lost(error),
        _ => false,
    }
}

fn lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| is_busy(&code)),
        _ => false,
    }
}

/// PostgreSQL, class 08: connection exception; 57P: the server stops, crashed or is starting. SQLite,
/// `SQLITE_BUSY` and its kin: somebody else held the file for longer than one waits.
fn is_busy(code: &str) -> bool {
    code.starts_with("08") || code.starts_with("57P") || matches!(code, "5" | "261" | "517" | "773")
}
