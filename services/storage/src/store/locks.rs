//! Locks on what need not have a row.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr};
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex, OwnedMutexGuard};

use kit::db::sql;

/// More names than that share a turn now and then.
const TURNS: usize = 64;

/// Turns of names in this process. Who waits for [`hold`] does so on a connection, of which there are few: who takes
/// the turn first waits without one, and only processes are left to wait for each other there.
#[derive(Debug)]
pub(crate) struct Turns([Arc<Mutex<()>>; TURNS]);

impl Turns {
    pub(crate) fn new() -> Self {
        Self(std::array::from_fn(|_| Arc::default()))
    }

    /// Waits for the turn of this name; it ends when the guard is dropped. Taken before the transaction begins, and
    /// one at a time.
    pub(crate) async fn take(&self, name: &str) -> OwnedMutexGuard<()> {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        let at = usize::try_from(hasher.finish() % TURNS as u64).unwrap_or_default();
        self.0[at].clone().lock_owned().await
    }
}

/// Waits for whoever holds a lock of this name, and holds it until the transaction ends. On SQLite a transaction that
/// writes is alone anyway. Who holds several takes those of images last, in the order of their stems.
pub(crate) async fn hold(tx: &DatabaseTransaction, name: &str) -> Result<(), DbErr> {
    if tx.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let digest = Sha256::digest(name.as_bytes());
    let mut key = [0; 8];
    key.copy_from_slice(&digest[..8]);
    sql::execute(tx, "SELECT pg_advisory_xact_lock($1)", [i64::from_be_bytes(key).into()]).await.map(|_| ())
}
