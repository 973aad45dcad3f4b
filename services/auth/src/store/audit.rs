//! What happened to accounts, for whoever has to look into it.

use contracts::{auth::AuditEntry, blog::Paged};
use kit::{
    clock::rfc3339,
    db::{Db, sql},
    id,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult, Value};

macro_rules! happenings {
    ($($name:ident = $text:literal,)+) => {
        /// What is noted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Happening { $($name,)+ }

        impl Happening {
            fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            pub(crate) fn exists(name: &str) -> bool {
                [$($text),+].contains(&name)
            }
        }
    };
}

happenings! {
    SignedIn = "signed_in",
    SignInRefused = "sign_in_refused",
    SignedOut = "signed_out",
    SessionsEnded = "sessions_ended",
    RefreshTokenReused = "refresh_token_reused",
    Reauthenticated = "reauthenticated",
    Registered = "registered",
    RegistrationAsked = "registration_asked",
    AdminSetUp = "admin_set_up",
    UserAdded = "user_added",
    EmailVerified = "email_verified",
    EmailChangeAsked = "email_change_asked",
    EmailChanged = "email_changed",
    PasswordChanged = "password_changed",
    PasswordResetAsked = "password_reset_asked",
    PasswordReset = "password_reset",
    IdentityLinked = "identity_linked",
    IdentityUnlinked = "identity_unlinked",
    Exported = "exported",
    Deleted = "account_deleted",
    StatusChanged = "status_changed",
    RoleChanged = "role_changed",
    SettingsChanged = "settings_changed",
    InvitationMade = "invitation_made",
    InvitationWithdrawn = "invitation_withdrawn",
    KeysRotated = "keys_rotated",
}

/// Something to note.
#[derive(Clone, Debug)]
pub(crate) struct Note<'a> {
    what: Happening,
    user: Option<&'a str>,
    actor: Option<&'a str>,
    address: Option<&'a str>,
    detail: Option<String>,
}

impl<'a> Note<'a> {
    pub(crate) fn new(what: Happening) -> Self {
        Self { what, user: None, actor: None, address: None, detail: None }
    }

    /// Whose account it is about.
    pub(crate) fn about(self, user_id: &'a str) -> Self {
        Self { user: Some(user_id), ..self }
    }

    /// Who did it, where that is not the account's owner.
    pub(crate) fn by(self, actor_id: &'a str) -> Self {
        Self { actor: Some(actor_id), ..self }
    }

    pub(crate) fn from(self, address: Option<&'a str>) -> Self {
        Self { address, ..self }
    }

    pub(crate) fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// Writes it, in the transaction of what happened where there is one.
    pub(crate) async fn write<C: ConnectionTrait>(self, db: &C, now: i64) -> Result<(), DbErr> {
        let query = "INSERT INTO audit_log (id, at, event, user_id, actor_id, address, detail)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let owned = |text: Option<&str>| Value::from(text.map(str::to_owned));
        let values = [
            id::new().into(),
            now.into(),
            self.what.name().into(),
            owned(self.user),
            owned(self.actor),
            owned(self.address),
            self.detail.into(),
        ];
        sql::execute(db, query, values).await.map(|_| ())
    }
}

/// Which entries.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Filter {
    fn and(mut self, condition: &str, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self.conditions.push(condition.replace('?', &format!("${}", self.values.len())));
        self
    }

    /// About this account, or done by it.
    pub(crate) fn user(self, id: &str) -> Self {
        self.and("(user_id = ? OR actor_id = ?)", id)
    }

    pub(crate) fn event(self, name: &str) -> Self {
        self.and("event = ?", name)
    }

    pub(crate) fn from(self, at: i64) -> Self {
        self.and("at >= ?", at)
    }

    pub(crate) fn to(self, at: i64) -> Self {
        self.and("at < ?", at)
    }

    /// Newest first.
    pub(crate) async fn page(&self, db: &Db, page: u32, size: u32) -> Result<Paged<AuditEntry>, DbErr> {
        let conditions =
            if self.conditions.is_empty() { String::new() } else { format!("WHERE {}", self.conditions.join(" AND ")) };
        let mut values = self.values.clone();
        values.push(i64::from(size).into());
        values.push((i64::from(page.saturating_sub(1)) * i64::from(size)).into());
        let query = format!(
            "SELECT id, at, event, user_id, actor_id, address, detail FROM audit_log {conditions}
            ORDER BY at DESC, id DESC LIMIT ${} OFFSET ${}",
            values.len() - 1,
            values.len()
        );
        let rows = sql::all::<Row, _>(db.read(), &query, values).await?;
        let count = format!("SELECT COUNT(*) AS n FROM audit_log {conditions}");
        let total = sql::number(db.read(), &count, self.values.clone()).await?;
        Ok(Paged { items: rows.into_iter().map(entry).collect(), total: u32::try_from(total).unwrap_or(u32::MAX) })
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: String,
    at: i64,
    event: String,
    user_id: Option<String>,
    actor_id: Option<String>,
    address: Option<String>,
    detail: Option<String>,
}

fn entry(row: Row) -> AuditEntry {
    let Row { id, at, event, user_id, actor_id, address, detail } = row;
    AuditEntry { id, at: rfc3339(at), event, user_id, actor_id, address, detail }
}

/// Takes addresses and details from what is noted of a deleted account. Of what it did to others its address goes, and
/// what it did stays.
pub(crate) async fn anonymise(tx: &DatabaseTransaction, user_id: &str) -> Result<(), DbErr> {
    let about = "UPDATE audit_log SET address = NULL, detail = NULL WHERE user_id = $1";
    sql::execute(tx, about, [user_id.into()]).await?;
    let by = "UPDATE audit_log SET address = NULL WHERE actor_id = $1";
    sql::execute(tx, by, [user_id.into()]).await.map(|_| ())
}

/// Forgets what is older.
pub(crate) async fn prune<C: ConnectionTrait>(db: &C, before: i64) -> Result<u64, DbErr> {
    sql::execute(db, "DELETE FROM audit_log WHERE at < $1", [before.into()]).await
}
