//! Mails that wait, and wishes for mails.

use kit::{db::sql, id};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult};

/// A mail to send.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Waiting {
    pub(crate) id: String,
    pub(crate) recipient: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    pub(crate) created_at: i64,
    pub(crate) expires_at: i64,
    pub(crate) next_attempt_at: i64,
    pub(crate) attempts: i32,
}

/// Puts a mail in the queue, in the transaction of what causes it.
pub(crate) async fn add(
    tx: &DatabaseTransaction,
    recipient: &str,
    letter: crate::mail::Composed,
    lifetime_ms: i64,
    now: i64,
) -> Result<(), DbErr> {
    let query = "INSERT INTO mails (id, recipient, subject, text, html, created_at, expires_at, next_attempt_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $6)";
    let values = [
        id::new().into(),
        recipient.into(),
        letter.subject.into(),
        letter.text.into(),
        letter.html.into(),
        now.into(),
        (now + lifetime_ms).into(),
    ];
    sql::execute(tx, query, values).await.map(|_| ())
}

/// Mails whose time has come, oldest first.
pub(crate) async fn due<C: ConnectionTrait>(db: &C, now: i64) -> Result<Vec<Waiting>, DbErr> {
    let query = "SELECT id, recipient, subject, text, html, created_at, expires_at, next_attempt_at, attempts
        FROM mails WHERE next_attempt_at <= $1 AND failed_at IS NULL ORDER BY id LIMIT 20";
    sql::all(db, query, [now.into()]).await
}

/// Takes a mail for an attempt until then; false when another replica has it.
pub(crate) async fn claim<C: ConnectionTrait>(db: &C, mail: &Waiting, until: i64) -> Result<bool, DbErr> {
    let query = "UPDATE mails SET next_attempt_at = $3, attempts = attempts + 1
        WHERE id = $1 AND next_attempt_at = $2 AND failed_at IS NULL";
    let values = [mail.id.as_str().into(), mail.next_attempt_at.into(), until.into()];
    Ok(sql::execute(db, query, values).await? > 0)
}

/// It is on its way.
pub(crate) async fn sent<C: ConnectionTrait>(db: &C, id: &str) -> Result<(), DbErr> {
    sql::execute(db, "DELETE FROM mails WHERE id = $1", [id.into()]).await.map(|_| ())
}

/// It was not taken this time.
pub(crate) async fn postpone<C: ConnectionTrait>(db: &C, id: &str, until: i64, cause: &str) -> Result<(), DbErr> {
    let query = "UPDATE mails SET next_attempt_at = $2, last_error = $3 WHERE id = $1";
    sql::execute(db, query, [id.into(), until.into(), cause.into()]).await.map(|_| ())
}

/// It will never be taken. Its text goes, since it holds a link; the rest stays for whoever wonders.
pub(crate) async fn fail<C: ConnectionTrait>(db: &C, id: &str, cause: &str, now: i64) -> Result<(), DbErr> {
    let query = "UPDATE mails SET failed_at = $2, last_error = $3, text = '', html = '' WHERE id = $1";
    sql::execute(db, query, [id.into(), now.into(), cause.into()]).await.map(|_| ())
}

/// Takes back what waits for this address.
pub(crate) async fn withdraw(tx: &DatabaseTransaction, recipient: &str) -> Result<(), DbErr> {
    sql::execute(tx, "DELETE FROM mails WHERE recipient = $1", [recipient.into()]).await.map(|_| ())
}

/// Forgets failed mails after a while.
pub(crate) async fn prune<C: ConnectionTrait>(db: &C, before: i64) -> Result<u64, DbErr> {
    sql::execute(db, "DELETE FROM mails WHERE failed_at < $1", [before.into()]).await
}

/// What a wished-for mail is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WishKind {
    /// A link to choose a new password.
    Reset,
    /// A link that makes the account of a registration.
    Registration,
    /// The link that waits to be followed, once more.
    Resend,
}

impl WishKind {
    const ALL: [Self; 3] = [Self::Reset, Self::Registration, Self::Resend];

    fn name(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Registration => "registration",
            Self::Resend => "resend",
        }
    }
}

/// A mail that somebody asked for.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub(crate) kind: WishKind,
    pub(crate) email: String,
    pub(crate) registration_id: Option<String>,
    pub(crate) locale: Option<String>,
}

impl Wish {
    pub(crate) fn new(kind: WishKind, email: &str) -> Self {
        Self { kind, email: email.to_owned(), registration_id: None, locale: None }
    }
}

pub(crate) async fn wish<C: ConnectionTrait>(db: &C, wish: Wish, now: i64) -> Result<(), DbErr> {
    let query = "INSERT INTO mail_wishes (id, kind, email, registration_id, locale, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    let values = [
        id::new().into(),
        wish.kind.name().into(),
        wish.email.into(),
        wish.registration_id.into(),
        wish.locale.into(),
        now.into(),
    ];
    sql::execute(db, query, values).await.map(|_| ())
}

#[derive(FromQueryResult)]
struct WishRow {
    kind: String,
    email: String,
    registration_id: Option<String>,
    locale: Option<String>,
}

/// Ids of the wishes, oldest first.
pub(crate) async fn wishes<C: ConnectionTrait>(db: &C) -> Result<Vec<String>, DbErr> {
    #[derive(FromQueryResult)]
    struct Id {
        id: String,
    }
    let rows = sql::all::<Id, _>(db, "SELECT id FROM mail_wishes ORDER BY id LIMIT 50", []).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Takes a wish, in the transaction that fulfils it; none when another replica did.
pub(crate) async fn take_wish(tx: &DatabaseTransaction, id: &str) -> Result<Option<Wish>, DbErr> {
    let query = "DELETE FROM mail_wishes WHERE id = $1 RETURNING kind, email, registration_id, locale";
    let row = sql::one::<WishRow, _>(tx, query, [id.into()]).await?;
    Ok(row.and_then(|row| {
        let kind = WishKind::ALL.into_iter().find(|kind| kind.name() == row.kind)?;
        let WishRow { email, registration_id, locale, .. } = row;
        Some(Wish { kind, email, registration_id, locale })
    }))
}
