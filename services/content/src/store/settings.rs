//! The rules that admins set.

use contracts::content::CommentSettings;
use kit::db::sql;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::unsigned;

#[derive(FromQueryResult)]
struct Row {
    version: i32,
    data: String,
}

/// The settings as they are; the defaults until somebody changed them.
pub(crate) async fn get<C: ConnectionTrait>(db: &C) -> Result<CommentSettings, DbErr> {
    let row = sql::one::<Row, _>(db, "SELECT version, data FROM settings WHERE id = 1", []).await?;
    let Some(row) = row else { return Ok(CommentSettings::default()) };
    let settings: CommentSettings =
        serde_json::from_str(&row.data).map_err(|error| DbErr::Custom(format!("the stored settings: {error}")))?;
    Ok(CommentSettings { version: unsigned(row.version), ..settings })
}

/// Keeps settings made from `settings.version`. False when somebody was faster.
pub(crate) async fn set<C: ConnectionTrait>(db: &C, settings: &CommentSettings) -> Result<bool, DbErr> {
    let data = serde_json::to_string(settings).map_err(|error| DbErr::Custom(format!("settings as JSON: {error}")))?;
    let seen = i32::try_from(settings.version).unwrap_or(i32::MAX);
    let changed = if seen == 0 {
        let insert = "INSERT INTO settings (id, version, data) VALUES (1, 1, $1) ON CONFLICT (id) DO NOTHING";
        sql::execute(db, insert, [data.into()]).await?
    } else {
        let update = "UPDATE settings SET version = version + 1, data = $2 WHERE id = 1 AND version = $1";
        sql::execute(db, update, [seen.into(), data.into()]).await?
    };
    Ok(changed > 0)
}
