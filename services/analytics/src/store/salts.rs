//! The secret of each day.

use kit::{Secret, db::Db, db::sql};
use sea_orm::{DbErr, FromQueryResult};

#[derive(FromQueryResult)]
struct Row {
    salt: String,
}

/// The salt of a day, the same for all replicas; made when it is asked for first.
pub(crate) async fn of(db: &Db, day: &str) -> Result<String, DbErr> {
    let query = "SELECT salt FROM salts WHERE day = $1";
    if let Some(row) = sql::one::<Row, _>(db.read(), query, [day.into()]).await? {
        return Ok(row.salt);
    }
    let insert = "INSERT INTO salts (day, salt) VALUES ($1, $2) ON CONFLICT (day) DO NOTHING";
    sql::execute(db.write(), insert, [day.into(), Secret::random().expose().into()]).await?;
    let row = sql::one::<Row, _>(db.write(), query, [day.into()]).await?;
    row.map(|row| row.salt).ok_or_else(|| DbErr::RecordNotFound("the salt just made".to_owned()))
}
