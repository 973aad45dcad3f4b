use kit::db::{Db, sql};
use sea_orm::{DbErr, FromQueryResult};

/// The table of sessions.
#[derive(Clone)]
pub(super) struct Store {
    db: Db,
}

#[derive(FromQueryResult)]
pub(super) struct Row {
    pub(super) id_hash: String,
    /// Empty for one from before this was kept.
    pub(super) user_id: String,
    /// `Viewer` as JSON.
    pub(super) viewer: String,
    pub(super) access_token: String,
    pub(super) expires_at: i64,
    pub(super) refresh_token: String,
    pub(super) created_at: i64,
    pub(super) seen_at: i64,
    /// 0 or 1.
    pub(super) remembered: i64,
}

impl Store {
    pub(super) fn new(db: Db) -> Self {
        Self { db }
    }

    pub(super) async fn insert(&self, row: &Row) -> Result<(), DbErr> {
        let insert = "INSERT INTO sessions
            (id_hash, user_id, viewer, access_token, expires_at, refresh_token, created_at, seen_at, remembered)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let values = [
            (&row.id_hash).into(),
            (&row.user_id).into(),
            (&row.viewer).into(),
            (&row.access_token).into(),
            row.expires_at.into(),
            (&row.refresh_token).into(),
            row.created_at.into(),
            row.seen_at.into(),
            row.remembered.into(),
        ];
        sql::execute(self.db.write(), insert, values).await?;
        Ok(())
    }

    pub(super) async fn find(&self, id_hash: &str) -> Result<Option<Row>, DbErr> {
        sql::one(self.db.read(), "SELECT * FROM sessions WHERE id_hash = $1", [id_hash.into()]).await
    }

    pub(super) async fn renew(&self, row: &Row) -> Result<(), DbErr> {
        let update = "UPDATE sessions
            SET viewer = $2, access_token = $3, expires_at = $4, refresh_token = $5, seen_at = $6, user_id = $7
            WHERE id_hash = $1";
        let values = [
            (&row.id_hash).into(),
            (&row.viewer).into(),
            (&row.access_token).into(),
            row.expires_at.into(),
            (&row.refresh_token).into(),
            row.seen_at.into(),
            (&row.user_id).into(),
        ];
        sql::execute(self.db.write(), update, values).await?;
        Ok(())
    }

    pub(super) async fn touch(&self, id_hash: &str, now: i64) -> Result<(), DbErr> {
        let update = "UPDATE sessions SET seen_at = $2 WHERE id_hash = $1";
        sql::execute(self.db.write(), update, [id_hash.into(), now.into()]).await?;
        Ok(())
    }

    pub(super) async fn delete(&self, id_hash: &str) -> Result<(), DbErr> {
        sql::execute(self.db.write(), "DELETE FROM sessions WHERE id_hash = $1", [id_hash.into()]).await?;
        Ok(())
    }

    /// All sessions of a user.
    pub(super) async fn delete_of(&self, user_id: &str) -> Result<(), DbErr> {
        let delete = "DELETE FROM sessions WHERE user_id = $1 OR (user_id = '' AND viewer LIKE $2)";
        sql::execute(self.db.write(), delete, [user_id.into(), named(user_id).into()]).await?;
        Ok(())
    }

    /// Makes the tokens of all sessions of a user due.
    pub(super) async fn expire_of(&self, user_id: &str) -> Result<(), DbErr> {
        let expire = "UPDATE sessions SET expires_at = 0 WHERE user_id = $1 OR (user_id = '' AND viewer LIKE $2)";
        sql::execute(self.db.write(), expire, [user_id.into(), named(user_id).into()]).await?;
        Ok(())
    }

    /// Makes the tokens of all sessions due.
    pub(super) async fn expire_all(&self) -> Result<(), DbErr> {
        sql::execute(self.db.write(), "UPDATE sessions SET expires_at = 0", []).await?;
        Ok(())
    }

    /// Those of one kind that were not used since `seen` or are older than `created`.
    pub(super) async fn delete_before(&self, remembered: bool, seen: i64, created: i64) -> Result<(), DbErr> {
        let delete = "DELETE FROM sessions WHERE remembered = $1 AND (seen_at < $2 OR created_at < $3)";
        let values = [i64::from(remembered).into(), seen.into(), created.into()];
        sql::execute(self.db.write(), delete, values).await?;
        Ok(())
    }
}

/// What the viewer of a session of that user contains, whose row does not name the user.
fn named(user_id: &str) -> String {
    format!("%\"id\":\"{user_id}\"%")
}
