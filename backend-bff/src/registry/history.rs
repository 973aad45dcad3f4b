//! Which versions exist and which was released when, in the BFF's own database.

use kit::db::{Db, sql};
use sea_orm::{DbErr, FromQueryResult};

/// A published version.
#[derive(Debug, Clone, FromQueryResult)]
pub(super) struct VersionRow {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) digest: String,
    pub(super) published_at: i64,
}

/// A release that was not withdrawn.
#[derive(Debug, Clone, FromQueryResult)]
pub(super) struct ReleaseRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) released_at: i64,
}

const RELEASES: &str = "SELECT id, name, version, released_at FROM module_releases WHERE withdrawn_at IS NULL";

/// The two tables.
#[derive(Clone, Debug)]
pub(super) struct History {
    db: Db,
}

impl History {
    pub(super) fn new(db: Db) -> Self {
        Self { db }
    }

    pub(super) async fn version(&self, name: &str, version: &str) -> Result<Option<VersionRow>, DbErr> {
        let query = "SELECT name, version, digest, published_at FROM module_versions WHERE name = $1 AND version = $2";
        sql::one(self.db.read(), query, [name.into(), version.into()]).await
    }

    pub(super) async fn versions(&self) -> Result<Vec<VersionRow>, DbErr> {
        let query = "SELECT name, version, digest, published_at FROM module_versions ORDER BY name, published_at";
        sql::all(self.db.read(), query, []).await
    }

    /// What is live: the newest release of each module.
    pub(super) async fn live(&self) -> Result<Vec<ReleaseRow>, DbErr> {
        let all: Vec<ReleaseRow> = sql::all(self.db.read(), &format!("{RELEASES} ORDER BY name, id DESC"), []).await?;
        let mut live = all;
        live.dedup_by(|later, earlier| later.name == earlier.name);
        Ok(live)
    }

    /// The newest releases of a module: the live one, and the one before it.
    pub(super) async fn last_two(&self, name: &str) -> Result<Vec<ReleaseRow>, DbErr> {
        sql::all(self.db.read(), &format!("{RELEASES} AND name = $1 ORDER BY id DESC LIMIT 2"), [name.into()]).await
    }

    /// A new version and its release, together or not at all.
    pub(super) async fn publish(&self, version: &VersionRow) -> Result<ReleaseRow, DbErr> {
        let transaction = self.db.begin().await?;
        let insert = "INSERT INTO module_versions (name, version, digest, published_at) VALUES ($1, $2, $3, $4)";
        let VersionRow { name, version, digest, published_at } = version;
        let values = [name.into(), version.into(), digest.into(), (*published_at).into()];
        sql::execute(&transaction, insert, values).await?;
        let release = insert_release(&transaction, name, version, *published_at).await?;
        transaction.commit().await?;
        Ok(release)
    }

    pub(super) async fn release(&self, name: &str, version: &str, now: i64) -> Result<ReleaseRow, DbErr> {
        insert_release(self.db.write(), name, version, now).await
    }

    pub(super) async fn withdraw(&self, release: &str, now: i64) -> Result<(), DbErr> {
        let update = "UPDATE module_releases SET withdrawn_at = $1 WHERE id = $2";
        sql::execute(self.db.write(), update, [now.into(), release.into()]).await?;
        Ok(())
    }
}

async fn insert_release<C: sea_orm::ConnectionTrait>(
    db: &C,
    name: &str,
    version: &str,
    released_at: i64,
) -> Result<ReleaseRow, DbErr> {
    let row = ReleaseRow { id: kit::id::new(), name: name.into(), version: version.into(), released_at };
    let insert = "INSERT INTO module_releases (id, name, version, released_at) VALUES ($1, $2, $3, $4)";
    let values = [(&row.id).into(), name.into(), version.into(), released_at.into()];
    sql::execute(db, insert, values).await?;
    Ok(row)
}
