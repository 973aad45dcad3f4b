//! Backup and restore of a service's own tables.
//!
//! A snapshot is one line of JSON per row, all of one moment. A restore is staged: *prepare* keeps
//! the rows aside and checks them, *commit* swaps all tables in one transaction, *rollback* undoes
//! either, *forget* ends it. Each is known by the token of whoever conducts the restore of all
//! services, and does nothing the second time.
//!
//! Event tables are not part of it: outboxes and parked messages are emptied by a commit, since they
//! tell of what is no longer so; sequences stay, so that new events still count as newer.

mod columns;
mod read;
mod restore;
mod routes;

use sea_orm::DbErr;

use crate::{Clock, cache::Cache, db::Db};

pub(crate) use routes::router;

/// The tables of restores, for a service's migrations.
pub const SQL: &str = include_str!("backup.sql");

/// A table to be backed up.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Name.
    pub name: &'static str,
    /// The columns of its primary key, which also order it. Where rows refer to rows of the same
    /// table, those referred to must come first (ids made later sort later).
    pub key: &'static [&'static str],
}

/// Why a backup or a restore did not work.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database.
    #[error("the database")]
    Database(#[from] DbErr),
    /// A line of the snapshot is not what it should be.
    #[error("line {line}: {reason}")]
    Line {
        /// Counted from 1.
        line: i64,
        /// What is wrong.
        reason: String,
    },
    /// The restore is in another state.
    #[error("{0}")]
    State(&'static str),
    /// The snapshot broke off.
    #[error("the snapshot could not be read to its end")]
    Broken(#[source] axum::Error),
}

/// Backs up and restores the given tables, parents before children.
#[derive(Clone, Debug)]
pub struct Backup {
    db: Db,
    clock: Clock,
    tables: &'static [Table],
    cache: Option<Cache>,
}

impl Backup {
    /// For these tables.
    pub fn new(db: Db, clock: Clock, tables: &'static [Table]) -> Self {
        Self { db, clock, tables, cache: None }
    }

    /// The same; what the service keeps in `cache` was made of its rows and goes with them.
    #[must_use]
    pub fn empties(self, cache: Cache) -> Self {
        Self { cache: Some(cache), ..self }
    }

    async fn replaced(&self) {
        if let Some(cache) = &self.cache {
            cache.forget_prefix("").await;
        }
    }
}
