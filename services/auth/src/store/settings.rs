//! What an admin decides.

use contracts::auth::AuthSettings;
use kit::db::sql;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

#[derive(FromQueryResult)]
struct Row {
    version: i32,
    data: String,
}

/// The settings; `default` until somebody changed them.
pub(crate) async fn read<C: ConnectionTrait>(db: &C, default: &AuthSettings) -> Result<AuthSettings, DbErr> {
    let query = "SELECT version, data FROM settings WHERE name = 'auth'";
    let Some(row) = sql::one::<Row, _>(db, query, []).await? else { return Ok(default.clone()) };
    let settings: AuthSettings = serde_json::from_str(&row.data)
        .map_err(|error| DbErr::Custom(format!("the settings in the database cannot be read: {error}")))?;
    Ok(AuthSettings { version: u32::try_from(row.version).unwrap_or_default(), ..settings })
}

/// Writes them as the successor of `settings.version`; false when that is not the version any more.
pub(crate) async fn write<C: ConnectionTrait>(db: &C, settings: &AuthSettings) -> Result<bool, DbErr> {
    let data = serde_json::to_string(settings).map_err(|error| DbErr::Custom(error.to_string()))?;
    let version = i32::try_from(settings.version).unwrap_or(i32::MAX);
    let insert = "INSERT INTO settings (name, version, data) VALUES ('auth', 1, $1) ON CONFLICT (name) DO NOTHING";
    if version == 0 {
        return Ok(sql::execute(db, insert, [data.into()]).await? > 0);
    }
    let update = "UPDATE settings SET version = version + 1, data = $1 WHERE name = 'auth' AND version = $2";
    Ok(sql::execute(db, update, [data.into(), version.into()]).await? > 0)
}
