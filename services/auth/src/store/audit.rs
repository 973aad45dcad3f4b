//! What happened to accounts, for whoever has to look into it.

use kit::{db::sql, id};
use sea_orm::{ConnectionTrait, DbErr};

/// What is noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Happening {
    SignedIn,
    SignInRefused,
    Registered,
    AdminSetUp,
    UserAdded,
    RefreshTokenReused,
}

impl Happening {
    fn name(self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::SignInRefused => "sign_in_refused",
            Self::Registered => "registered",
            Self::AdminSetUp => "admin_set_up",
            Self::UserAdded => "user_added",
            Self::RefreshTokenReused => "refresh_token_reused",
        }
    }
}

/// Notes it.
pub(crate) async fn note<C: ConnectionTrait>(
    db: &C,
    what: Happening,
    user_id: Option<&str>,
    address: Option<&str>,
    now: i64,
) -> Result<(), DbErr> {
    let query = "INSERT INTO audit_log (id, at, event, user_id, address) VALUES ($1, $2, $3, $4, $5)";
    let values = [
        id::new().into(),
        now.into(),
        what.name().into(),
        user_id.map(str::to_owned).into(),
        address.map(str::to_owned).into(),
    ];
    sql::execute(db, query, values).await.map(|_| ())
}
