//! Lists of accounts, for admins.

use contracts::{auth::UserAccount, blog::Paged};
use kit::{
    clock::rfc3339,
    db::{Db, sql},
};
use sea_orm::{DbErr, Value};

use super::users::{COLUMNS, User};
use crate::domain::names;

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sort {
    #[default]
    Newest,
    Oldest,
    Name,
    Email,
    Seen,
}

impl Sort {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "newest" => Some(Self::Newest),
            "oldest" => Some(Self::Oldest),
            "name" => Some(Self::Name),
            "email" => Some(Self::Email),
            "seen" => Some(Self::Seen),
            _ => None,
        }
    }

    fn sql(self) -> &'static str {
        match self {
            Self::Newest => "created_at DESC, id DESC",
            Self::Oldest => "created_at, id",
            Self::Name => "name_key, id",
            Self::Email => "email IS NULL, email, id",
            Self::Seen => "COALESCE(last_seen_at, 0) DESC, id DESC",
        }
    }
}

/// Which accounts. Deleted ones are in no list.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Default for Filter {
    fn default() -> Self {
        Self { conditions: vec!["deleted_at IS NULL".to_owned()], values: Vec::new() }
    }
}

impl Filter {
    pub(crate) fn column(mut self, column: &str, value: &str) -> Self {
        self.values.push(value.into());
        self.conditions.push(format!("{column} = ${}", self.values.len()));
        self
    }

    /// Part of the name or of the address.
    pub(crate) fn text(mut self, q: &str) -> Self {
        let (name, email) = (like(&names::key(q)), like(&q.to_lowercase()));
        self.values.extend([name.into(), email.into()]);
        let n = self.values.len();
        self.conditions.push(format!("(name_key LIKE ${} ESCAPE '\\' OR email LIKE ${n} ESCAPE '\\')", n - 1));
        self
    }

    pub(crate) async fn page(&self, db: &Db, sort: Sort, page: u32, size: u32) -> Result<Paged<UserAccount>, DbErr> {
        let conditions = self.conditions.join(" AND ");
        let mut values = self.values.clone();
        values.push(i64::from(size).into());
        values.push((i64::from(page.saturating_sub(1)) * i64::from(size)).into());
        let query = format!(
            "SELECT {COLUMNS} FROM users WHERE {conditions} ORDER BY {} LIMIT ${} OFFSET ${}",
            sort.sql(),
            values.len() - 1,
            values.len()
        );
        let items = sql::all::<User, _>(db.read(), &query, values).await?;
        let count = format!("SELECT COUNT(*) AS n FROM users WHERE {conditions}");
        let total = sql::number(db.read(), &count, self.values.clone()).await?;
        Ok(Paged { items: items.iter().map(account).collect(), total: u32::try_from(total).unwrap_or(u32::MAX) })
    }
}

/// An account as an admin sees it.
pub(crate) fn account(user: &User) -> UserAccount {
    UserAccount {
        id: user.id.clone(),
        email: user.email.clone(),
        name: user.name.clone(),
        avatar: user.avatar.clone(),
        role: user.role(),
        status: user.status(),
        email_verified: user.email_verified_at.is_some(),
        created_at: rfc3339(user.created_at),
        last_seen_at: user.last_seen_at.map(rfc3339),
    }
}

fn like(part: &str) -> String {
    let mut pattern = String::from("%");
    for c in part.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
