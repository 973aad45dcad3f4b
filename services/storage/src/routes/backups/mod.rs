//! Backups (ADMIN, or the operator's program with the service token).

pub(super) mod bring;
pub(super) mod delete;
pub(super) mod download;
pub(super) mod list;
pub(super) mod restore;
pub(super) mod start;
pub(super) mod verify;

use contracts::{problem::Problem, storage::Backup};
use kit::{ApiResult, id};
use sea_orm::ConnectionTrait;

use crate::{
    app::App,
    backup::archive::ArchiveError,
    store::backups::{self, Row},
};

fn not_found() -> Problem {
    Problem::not_found("backup")
}

fn busy() -> Problem {
    Problem::new(409, "busy", "A backup or restore is under way").with_detail("Wait until it is done.")
}

/// A backup that is whole.
async fn ready<C: ConnectionTrait>(db: &C, id: &str) -> ApiResult<Row> {
    let id = id::parse(id).ok_or_else(not_found)?;
    let row = backups::find(db, &id).await?.ok_or_else(not_found)?;
    if row.status != backups::READY {
        return Err(Problem::new(409, "not_ready", "The backup is not whole")
            .with_detail("It is being made, or could not be.")
            .into());
    }
    Ok(row)
}

async fn show(app: &App, id: &str) -> ApiResult<Backup> {
    let id = id::parse(id).ok_or_else(not_found)?;
    Ok(backups::show(app.db.write(), &id).await?.ok_or_else(not_found)?)
}

fn damaged(error: &ArchiveError) -> Problem {
    Problem::new(422, "not_a_backup", "The archive cannot be used").with_detail(format!("The archive: {error}."))
}
