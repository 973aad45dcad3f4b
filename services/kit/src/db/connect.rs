//! Opening the pools.

use std::{path::Path, time::Duration};

use sea_orm::{ConnectOptions, Database, DbErr};

use super::Db;

/// Why there is no connection. The URL is not repeated: it may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Neither `sqlite:` nor `postgres:`.
    #[error("the database URL must start with sqlite:// or postgres://")]
    UnknownScheme,
    /// The folder of the SQLite file.
    #[error("the folder {0} for the database could not be made")]
    Folder(String, #[source] std::io::Error),
    /// The database itself.
    #[error("the database did not answer")]
    Database(#[from] DbErr),
}

/// SQLite readers: more than the cores would only wait for each other.
const READERS: u32 = 4;

pub(super) async fn connect(url: &str) -> Result<Db, ConnectError> {
    if url.starts_with("sqlite:") {
        sqlite(url).await
    } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        postgres(url).await
    } else {
        Err(ConnectError::UnknownScheme)
    }
}

async fn sqlite(url: &str) -> Result<Db, ConnectError> {
    make_folder(url)?;
    let mut writer = options(url);
    // One writer, and one that stays: its statements stay prepared.
    writer.max_connections(1).min_connections(1).map_sqlx_sqlite_opts(|options| {
        options
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL")
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
    });
    // The writer goes first: it makes the file and its log.
    let write = Database::connect(writer).await?;
    let mut reader = options(url);
    reader.max_connections(READERS).min_connections(1).map_sqlx_sqlite_opts(|options| {
        options.pragma("query_only", "ON").busy_timeout(Duration::from_secs(10)).statement_cache_capacity(200)
    });
    Ok(Db { read: Database::connect(reader).await?, write })
}

async fn postgres(url: &str) -> Result<Db, ConnectError> {
    let mut pool = options(url);
    // Whoever waits longer than that gets a 503 and is told when to come back.
    pool.max_connections(16)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(5))
        .test_before_acquire_if_idle_for(Duration::from_secs(30))
        .statement_timeout(Duration::from_secs(30));
    let pool = Database::connect(pool).await?;
    Ok(Db { read: pool.clone(), write: pool })
}

fn options(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(10))
        .idle_timeout(None)
        .max_lifetime(None);
    options
}

fn make_folder(url: &str) -> Result<(), ConnectError> {
    let path = url.trim_start_matches("sqlite://").trim_start_matches("sqlite:");
    let path = path.split('?').next().unwrap_or_default();
    match Path::new(path).parent() {
        Some(folder) if !path.starts_with(':') && !folder.as_os_str().is_empty() => {
            std::fs::create_dir_all(folder).map_err(|error| ConnectError::Folder(folder.display().to_string(), error))
        }
        _ => Ok(()),
    }
}
