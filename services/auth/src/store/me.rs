//! An account as its owner sees it.

use contracts::auth::Me;
use kit::clock::rfc3339;
use sea_orm::{ConnectionTrait, DbErr};

use super::{identities, links, users::User};

/// The account with what belongs to it in other tables.
pub(crate) async fn of<C: ConnectionTrait>(db: &C, user: &User, now: i64) -> Result<Me, DbErr> {
    let identities = identities::of(db, &user.id).await?;
    Ok(Me {
        id: user.id.clone(),
        email: user.email.clone().unwrap_or_default(),
        name: user.name.clone(),
        bio: user.bio.clone(),
        avatar: user.avatar.clone(),
        role: user.role(),
        locale: user.locale.clone(),
        created_at: rfc3339(user.created_at),
        email_verified: user.email_verified_at.is_some(),
        pending_email: links::pending_email(db, &user.id, now).await?,
        has_password: user.password_hash.is_some(),
        providers: identities.into_iter().map(|identity| identity.provider).collect(),
    })
}
