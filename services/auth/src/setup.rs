//! The one-time link that makes the first admin.
//!
//! As long as there is no admin, a random token stands in `<data_dir>/setup-token` (0600) and its
//! hash in the database. It ends with the first admin, however that one was made.

use std::{
    io,
    path::{Path, PathBuf},
};

use kit::{
    Secret,
    db::{Db, sql},
};
use sea_orm::{ConnectionTrait, DbErr};

use crate::{domain::files::write_private, store::tokens::hash};

/// Why the token could not be prepared.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The database.
    #[error("the database refused")]
    Database(#[from] DbErr),
    /// The file.
    #[error("{0} cannot be written")]
    File(String, #[source] io::Error),
}

/// The token for the link `/setup?token=…`; none once there is an admin.
pub fn link_token(data_dir: &Path) -> Option<Secret> {
    let text = std::fs::read_to_string(file(data_dir)).ok()?;
    let token = text.trim();
    (!token.is_empty()).then(|| Secret::new(token))
}

/// Makes a token when there is no admin and none is waiting; takes it away when there is an admin.
pub(crate) async fn prepare(db: &Db, data_dir: &Path, now: i64) -> Result<(), SetupError> {
    if has_admin(db.write()).await? {
        end(db.write()).await?;
        remove_file(data_dir);
        return Ok(());
    }
    if let Some(token) = link_token(data_dir)
        && is_valid(db, token.expose()).await?
    {
        return Ok(());
    }
    let token = Secret::random();
    let path = file(data_dir);
    write_private(&path, token.expose().as_bytes())
        .map_err(|error| SetupError::File(path.display().to_string(), error))?;
    end(db.write()).await?;
    let insert = "INSERT INTO setup_tokens (hash, created_at) VALUES ($1, $2)";
    sql::execute(db.write(), insert, [hash(token.expose()).into(), now.into()]).await?;
    Ok(())
}

/// Whether the token makes an admin.
pub(crate) async fn is_valid(db: &Db, token: &str) -> Result<bool, DbErr> {
    let query = "SELECT COUNT(*) AS n FROM setup_tokens WHERE hash = $1";
    Ok(sql::number(db.write(), query, [hash(token).into()]).await? > 0)
}

/// Uses the token up, in the transaction that makes the admin. False when it is not valid.
pub(crate) async fn take<C: ConnectionTrait>(tx: &C, token: &str) -> Result<bool, DbErr> {
    Ok(sql::execute(tx, "DELETE FROM setup_tokens WHERE hash = $1", [hash(token).into()]).await? > 0)
}

/// There is an admin now: no token is valid any more.
pub(crate) async fn end<C: ConnectionTrait>(db: &C) -> Result<(), DbErr> {
    sql::execute(db, "DELETE FROM setup_tokens", []).await.map(|_| ())
}

/// Takes the file away; what stands in it is of no use by then.
pub(crate) fn remove_file(data_dir: &Path) {
    match std::fs::remove_file(file(data_dir)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(cause = %error, "the used set-up token could not be removed");
        }
        _ => {}
    }
}

async fn has_admin<C: ConnectionTrait>(db: &C) -> Result<bool, DbErr> {
    Ok(sql::number(db, "SELECT COUNT(*) AS n FROM users WHERE role = 'ADMIN'", []).await? > 0)
}

fn file(data_dir: &Path) -> PathBuf {
    data_dir.join("setup-token")
}
