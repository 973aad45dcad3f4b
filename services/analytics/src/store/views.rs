//! Single views of the last days.

use kit::db::sql;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use super::targets::Kind;

/// Somebody looks at something.
#[derive(Clone, Debug)]
pub(crate) struct View<'a> {
    pub(crate) day: &'a str,
    pub(crate) visitor: &'a str,
    pub(crate) kind: Kind,
    pub(crate) target_id: &'a str,
    /// Whose it is, if anybody's.
    pub(crate) author_id: Option<&'a str>,
    pub(crate) referrer: &'a str,
    pub(crate) country: &'a str,
    pub(crate) device: &'a str,
    pub(crate) at: i64,
}

/// A visitor who stays is noted again after so long.
const SEEN_EVERY_MS: i64 = 30_000;

/// Notes a view; says whether it is the first of this visitor today.
pub(crate) async fn add(tx: &DatabaseTransaction, view: &View<'_>) -> Result<bool, DbErr> {
    let insert = "INSERT INTO views (day, visitor, kind, target_id, referrer, country, device, at, seen_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT (day, visitor, kind, target_id) DO NOTHING";
    let values = [
        view.day.into(),
        view.visitor.into(),
        view.kind.as_str().into(),
        view.target_id.into(),
        view.referrer.into(),
        view.country.into(),
        view.device.into(),
        view.at.into(),
    ];
    if sql::execute(tx, insert, values).await? == 0 {
        let touch = "UPDATE views SET seen_at = $5
            WHERE day = $1 AND visitor = $2 AND kind = $3 AND target_id = $4 AND seen_at < $6";
        let values = [
            view.day.into(),
            view.visitor.into(),
            view.kind.as_str().into(),
            view.target_id.into(),
            view.at.into(),
            (view.at - SEEN_EVERY_MS).into(),
        ];
        sql::execute(tx, touch, values).await?;
        return Ok(false);
    }
    visitor(tx, view.day, "", view.visitor).await?;
    if let Some(author) = view.author_id.filter(|author| !author.is_empty()) {
        visitor(tx, view.day, author, view.visitor).await?;
    }
    Ok(true)
}

async fn visitor<C: ConnectionTrait>(tx: &C, day: &str, scope: &str, visitor: &str) -> Result<(), DbErr> {
    let query = "INSERT INTO visitors (day, scope, visitor) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    sql::execute(tx, query, [day.into(), scope.into(), visitor.into()]).await.map(|_| ())
}
