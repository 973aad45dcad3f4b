//! Sessions: families of refresh tokens.

use contracts::{auth::SessionInfo, blog::Paged};
use kit::{clock::rfc3339, db::sql};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// A session that is not used ends after this.
const IDLE_MS: i64 = 30 * DAY_MS;
/// And any after this.
const WHOLE_MS: i64 = 180 * DAY_MS;

/// How and where a session began.
#[derive(Clone, Debug)]
pub(crate) struct Opening<'a> {
    /// `password`, or the id of a provider.
    pub(crate) method: &'a str,
    pub(crate) address: Option<&'a str>,
    pub(crate) user_agent: Option<&'a str>,
    /// For whom its access tokens are.
    pub(crate) audience: &'a str,
}

/// A new session. Those of the user that ended by themselves are forgotten on the way.
pub(crate) async fn open(
    tx: &DatabaseTransaction,
    id: &str,
    user_id: &str,
    opening: &Opening<'_>,
    now: i64,
) -> Result<(), DbErr> {
    let forget = "DELETE FROM sessions WHERE user_id = $1 AND expires_at < $2";
    sql::execute(tx, forget, [user_id.into(), now.into()]).await?;
    let insert = "INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at, method, address, user_agent,
            audience, authenticated_at)
        VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, $3)";
    let values = [
        id.into(),
        user_id.into(),
        now.into(),
        (now + IDLE_MS).into(),
        opening.method.into(),
        opening.address.map(str::to_owned).into(),
        opening.user_agent.map(str::to_owned).into(),
        opening.audience.into(),
    ];
    sql::execute(tx, insert, values).await.map(|_| ())
}

/// The session was used.
pub(crate) async fn touch(tx: &DatabaseTransaction, id: &str, created_at: i64, now: i64) -> Result<(), DbErr> {
    let expires_at = (now + IDLE_MS).min(created_at + WHOLE_MS);
    let query = "UPDATE sessions SET last_used_at = $2, expires_at = $3 WHERE id = $1";
    sql::execute(tx, query, [id.into(), now.into(), expires_at.into()]).await.map(|_| ())
}

#[derive(FromQueryResult)]
struct Row {
    id: String,
    created_at: i64,
    last_used_at: i64,
    expires_at: i64,
    user_agent: Option<String>,
    address: Option<String>,
    method: String,
}

impl Row {
    fn into_info(self, current: &str) -> SessionInfo {
        SessionInfo {
            current: self.id == current,
            id: self.id,
            created_at: rfc3339(self.created_at),
            last_used_at: rfc3339(self.last_used_at),
            expires_at: rfc3339(self.expires_at),
            user_agent: self.user_agent,
            address: self.address,
            method: self.method,
        }
    }
}

/// Sessions of the user that go on, last used first; at most 200.
pub(crate) async fn list<C: ConnectionTrait>(
    db: &C,
    user_id: &str,
    current: &str,
    now: i64,
) -> Result<Vec<SessionInfo>, DbErr> {
    let query = "SELECT id, created_at, last_used_at, expires_at, user_agent, address, method FROM sessions
        WHERE user_id = $1 AND expires_at > $2 ORDER BY last_used_at DESC, id DESC LIMIT 200";
    let rows = sql::all::<Row, _>(db, query, [user_id.into(), now.into()]).await?;
    Ok(rows.into_iter().map(|row| row.into_info(current)).collect())
}

/// One page of the same.
pub(crate) async fn page<C: ConnectionTrait>(
    db: &C,
    user_id: &str,
    current: &str,
    now: i64,
    (page, size): (u32, u32),
) -> Result<Paged<SessionInfo>, DbErr> {
    let count = "SELECT COUNT(*) AS n FROM sessions WHERE user_id = $1 AND expires_at > $2";
    let total = sql::number(db, count, [user_id.into(), now.into()]).await?;
    let query = "SELECT id, created_at, last_used_at, expires_at, user_agent, address, method FROM sessions
        WHERE user_id = $1 AND expires_at > $2 ORDER BY last_used_at DESC, id DESC LIMIT $3 OFFSET $4";
    let (limit, offset) = (i64::from(size), i64::from(page.saturating_sub(1)) * i64::from(size));
    let rows = sql::all::<Row, _>(db, query, [user_id.into(), now.into(), limit.into(), offset.into()]).await?;
    let items = rows.into_iter().map(|row| row.into_info(current)).collect();
    Ok(Paged { items, total: u32::try_from(total).unwrap_or(u32::MAX) })
}

/// Which of a user's sessions.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Which<'a> {
    All,
    /// All but this one.
    Others(&'a str),
    /// This one, if it is the user's.
    One(&'a str),
}

#[derive(FromQueryResult)]
struct Id {
    id: String,
}

/// Ends sessions of the user and all their tokens; answers which.
pub(crate) async fn end(tx: &DatabaseTransaction, user_id: &str, which: Which<'_>) -> Result<Vec<String>, DbErr> {
    let (condition, value) = match which {
        Which::All => ("user_id = $1 AND id <> $2", ""),
        Which::Others(id) => ("user_id = $1 AND id <> $2", id),
        Which::One(id) => ("user_id = $1 AND id = $2", id),
    };
    let query = format!("DELETE FROM sessions WHERE {condition} RETURNING id");
    let rows = sql::all::<Id, _>(tx, &query, [user_id.into(), value.into()]).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// When the owner of the session last showed who they are; none when it has ended.
pub(crate) async fn authenticated_at<C: ConnectionTrait>(
    db: &C,
    user_id: &str,
    id: &str,
) -> Result<Option<i64>, DbErr> {
    #[derive(FromQueryResult)]
    struct At {
        authenticated_at: i64,
    }
    let query = "SELECT authenticated_at FROM sessions WHERE user_id = $1 AND id = $2";
    Ok(sql::one::<At, _>(db, query, [user_id.into(), id.into()]).await?.map(|row| row.authenticated_at))
}

/// They showed it now; false when the session has ended.
pub(crate) async fn reauthenticate<C: ConnectionTrait>(
    db: &C,
    user_id: &str,
    id: &str,
    now: i64,
) -> Result<bool, DbErr> {
    let query = "UPDATE sessions SET authenticated_at = $3 WHERE user_id = $1 AND id = $2";
    Ok(sql::execute(db, query, [user_id.into(), id.into(), now.into()]).await? > 0)
}

/// Forgets sessions that ended by themselves.
pub(crate) async fn prune<C: ConnectionTrait>(db: &C, now: i64) -> Result<u64, DbErr> {
    sql::execute(db, "DELETE FROM sessions WHERE expires_at <= $1", [now.into()]).await
}
