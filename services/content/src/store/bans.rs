//! Addresses that may not write any more.

use contracts::{blog::Paged, content::Ban};
use kit::{clock::rfc3339, db::sql, id};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

#[derive(FromQueryResult)]
struct Row {
    id: String,
    address_hash: String,
    reason: Option<String>,
    created_at: i64,
    until: Option<i64>,
}

impl From<Row> for Ban {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            address_tag: tag(&row.address_hash),
            reason: row.reason,
            created_at: rfc3339(row.created_at),
            until: row.until.map(rfc3339),
        }
    }
}

const COLUMNS: &str = "SELECT id, address_hash, reason, created_at, until FROM bans";

/// The short name of an address.
pub(crate) fn tag(address_hash: &str) -> String {
    address_hash.chars().take(8).collect()
}

/// Whether the address is banned now.
pub(crate) async fn is_banned<C: ConnectionTrait>(db: &C, address_hash: &str, now: i64) -> Result<bool, DbErr> {
    let query = "SELECT COUNT(*) AS n FROM bans WHERE address_hash = $1 AND (until IS NULL OR until > $2)";
    Ok(sql::number(db, query, [address_hash.into(), now.into()]).await? > 0)
}

/// A ban as an admin makes it.
pub(crate) struct NewBan<'a> {
    pub(crate) address_hash: &'a str,
    pub(crate) reason: Option<String>,
    pub(crate) by: &'a str,
    pub(crate) until: Option<i64>,
}

/// Bans an address; a ban that exists is changed.
pub(crate) async fn set<C: ConnectionTrait>(db: &C, ban: NewBan<'_>, now: i64) -> Result<Option<Ban>, DbErr> {
    let query = "INSERT INTO bans (id, address_hash, reason, created_by, created_at, until)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (address_hash) DO UPDATE SET reason = excluded.reason, created_by = excluded.created_by,
            created_at = excluded.created_at, until = excluded.until
        RETURNING id, address_hash, reason, created_at, until";
    let values =
        [id::new().into(), ban.address_hash.into(), ban.reason.into(), ban.by.into(), now.into(), ban.until.into()];
    Ok(sql::one::<Row, _>(db, query, values).await?.map(Ban::from))
}

/// One page of the bans that hold, newest first.
pub(crate) async fn page<C: ConnectionTrait>(db: &C, now: i64, page: u32, size: u32) -> Result<Paged<Ban>, DbErr> {
    const HOLDS: &str = "until IS NULL OR until > $1";
    let total = sql::number(db, &format!("SELECT COUNT(*) AS n FROM bans WHERE {HOLDS}"), [now.into()]).await?;
    let query = format!("{COLUMNS} WHERE {HOLDS} ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3");
    let (limit, offset) = (i64::from(size), i64::from(page.saturating_sub(1)) * i64::from(size));
    let rows = sql::all::<Row, _>(db, &query, [now.into(), limit.into(), offset.into()]).await?;
    Ok(Paged { items: rows.into_iter().map(Ban::from).collect(), total: u32::try_from(total).unwrap_or(u32::MAX) })
}

/// Ends a ban. False when there is none.
pub(crate) async fn end<C: ConnectionTrait>(db: &C, id: &str) -> Result<bool, DbErr> {
    Ok(sql::execute(db, "DELETE FROM bans WHERE id = $1", [id.into()]).await? > 0)
}

/// Forgets bans that are over.
pub(crate) async fn tidy<C: ConnectionTrait>(db: &C, now: i64) -> Result<(), DbErr> {
    sql::execute(db, "DELETE FROM bans WHERE until <= $1", [now.into()]).await.map(|_| ())
}
