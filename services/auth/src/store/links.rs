//! Links in mails: one-time tokens, hashed.

use contracts::auth::LinkPurpose;
use kit::{Secret, db::sql};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult};

use super::tokens::hash;

const MINUTE_MS: i64 = 60 * 1000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// What a link would do.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) purpose: LinkPurpose,
    pub(crate) user_id: Option<String>,
    pub(crate) registration_id: Option<String>,
    pub(crate) email: String,
}

/// For whom a link is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Owner<'a> {
    User(&'a str),
    Registration(&'a str),
}

/// How long a link is good.
pub(crate) fn lifetime_ms(purpose: LinkPurpose) -> i64 {
    match purpose {
        LinkPurpose::PasswordReset => 30 * MINUTE_MS,
        LinkPurpose::Registration | LinkPurpose::AddressChange => 24 * HOUR_MS,
        LinkPurpose::Address => 72 * HOUR_MS,
    }
}

fn name(purpose: LinkPurpose) -> &'static str {
    match purpose {
        LinkPurpose::PasswordReset => "PASSWORD_RESET",
        LinkPurpose::Registration => "REGISTRATION",
        LinkPurpose::AddressChange => "ADDRESS_CHANGE",
        LinkPurpose::Address => "ADDRESS",
    }
}

/// A new link; answers its token.
pub(crate) async fn add(
    tx: &DatabaseTransaction,
    purpose: LinkPurpose,
    owner: Owner<'_>,
    email: &str,
    now: i64,
) -> Result<Secret, DbErr> {
    let token = Secret::random();
    let (user, registration) = match owner {
        Owner::User(id) => (Some(id.to_owned()), None),
        Owner::Registration(id) => (None, Some(id.to_owned())),
    };
    let query = "INSERT INTO links (hash, purpose, user_id, registration_id, email, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        hash(token.expose()).into(),
        name(purpose).into(),
        user.into(),
        registration.into(),
        email.into(),
        now.into(),
        (now + lifetime_ms(purpose)).into(),
    ];
    sql::execute(tx, query, values).await?;
    Ok(token)
}

#[derive(FromQueryResult)]
struct Row {
    purpose: String,
    user_id: Option<String>,
    registration_id: Option<String>,
    email: String,
}

fn link(row: Row) -> Option<Link> {
    let all = [LinkPurpose::PasswordReset, LinkPurpose::Registration, LinkPurpose::AddressChange, LinkPurpose::Address];
    let purpose = all.into_iter().find(|purpose| name(*purpose) == row.purpose)?;
    Some(Link { purpose, user_id: row.user_id, registration_id: row.registration_id, email: row.email })
}

/// What the link would do now; none when it has ended.
pub(crate) async fn find<C: ConnectionTrait>(db: &C, token: &str, now: i64) -> Result<Option<Link>, DbErr> {
    let query = "SELECT purpose, user_id, registration_id, email FROM links WHERE hash = $1 AND expires_at > $2";
    Ok(sql::one::<Row, _>(db, query, [hash(token).into(), now.into()]).await?.and_then(link))
}

/// Uses the link up. Of several at once, one gets it.
pub(crate) async fn take(tx: &DatabaseTransaction, token: &str, now: i64) -> Result<Option<Link>, DbErr> {
    let query = "DELETE FROM links WHERE hash = $1 AND expires_at > $2
        RETURNING purpose, user_id, registration_id, email";
    Ok(sql::one::<Row, _>(tx, query, [hash(token).into(), now.into()]).await?.and_then(link))
}

/// Ends the links of this purpose that the user has.
pub(crate) async fn end<C: ConnectionTrait>(db: &C, user_id: &str, purpose: LinkPurpose) -> Result<(), DbErr> {
    let query = "DELETE FROM links WHERE user_id = $1 AND purpose = $2";
    sql::execute(db, query, [user_id.into(), name(purpose).into()]).await.map(|_| ())
}

/// Ends all links of the user.
pub(crate) async fn end_all<C: ConnectionTrait>(db: &C, user_id: &str) -> Result<(), DbErr> {
    sql::execute(db, "DELETE FROM links WHERE user_id = $1", [user_id.into()]).await.map(|_| ())
}

/// The address that waits to take the place of the user's.
pub(crate) async fn pending_email<C: ConnectionTrait>(
    db: &C,
    user_id: &str,
    now: i64,
) -> Result<Option<String>, DbErr> {
    #[derive(FromQueryResult)]
    struct Email {
        email: String,
    }
    let query = "SELECT email FROM links WHERE user_id = $1 AND purpose = 'ADDRESS_CHANGE' AND expires_at > $2
        ORDER BY created_at DESC LIMIT 1";
    Ok(sql::one::<Email, _>(db, query, [user_id.into(), now.into()]).await?.map(|row| row.email))
}

/// Forgets links that ended by themselves.
pub(crate) async fn prune<C: ConnectionTrait>(db: &C, now: i64) -> Result<u64, DbErr> {
    sql::execute(db, "DELETE FROM links WHERE expires_at <= $1", [now.into()]).await
}
