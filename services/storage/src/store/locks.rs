//! Locks on what need not have a row.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr};
use sha2::{Digest, Sha256};

use kit::db::sql;

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
