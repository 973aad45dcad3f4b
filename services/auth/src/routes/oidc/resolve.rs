//! Whose account an identity opens.
//!
//! One that is linked opens its account. One that is not, opens or makes the account with its address,
//! but only if the provider vouches for that address, and if whoever made the account has shown that
//! the address is theirs: else either of them could take over the other's.

use contracts::{
    auth::{AUDIENCE, Registration, Tokens},
    problem::Problem,
};
use kit::{ApiResult, id};
use sea_orm::DatabaseTransaction;

use super::sign_in_refused;
use crate::{
    app::App,
    domain::fields::Check,
    oidc::Identity,
    routes::{
        login,
        origin::Origin,
        register,
        session::{self, Entrance},
    },
    store::{
        audit::{Happening, Note},
        identities,
        users::{self, NewAccount, User},
    },
};

/// Signs in, and says whether the account was made for it.
pub(super) async fn sign_in(
    app: &App,
    origin: &Origin,
    provider: &str,
    identity: &Identity,
) -> ApiResult<(Tokens, bool)> {
    let now = app.clock.millis();
    let tx = app.db.begin().await?;
    let (user, registered) = match identities::owner(&tx, provider, &identity.subject).await? {
        Some(id) => (users::by_id(&tx, &id).await?.ok_or_else(Problem::unauthenticated)?, false),
        None => by_address(app, &tx, origin, provider, identity).await?,
    };
    if !user.is_active() {
        tx.rollback().await?;
        let note = Note::new(Happening::SignInRefused).about(&user.id).from(origin.address());
        note.detail(provider).write(app.db.write(), now).await?;
        return Err(login::suspended().into());
    }
    let note = Note::new(Happening::SignedIn).about(&user.id).from(origin.address());
    note.detail(provider).write(&tx, now).await?;
    let entrance = Entrance { method: provider, audience: AUDIENCE, origin };
    let tokens = session::open(app, &tx, &user, entrance).await?;
    tx.commit().await?;
    Ok((tokens, registered))
}

/// Links the identity to the account of somebody who is signed in.
pub(super) async fn link(
    app: &App,
    origin: &Origin,
    provider: &str,
    identity: &Identity,
    user_id: &str,
) -> ApiResult<()> {
    let tx = app.db.begin().await?;
    let user = users::lock(&tx, user_id).await?.filter(User::is_active).ok_or_else(Problem::unauthenticated)?;
    if identities::owner(&tx, provider, &identity.subject).await?.as_ref() == Some(&user.id) {
        return Ok(());
    }
    tie(app, &tx, origin, provider, identity, &user).await?;
    tx.commit().await?;
    Ok(())
}

async fn by_address(
    app: &App,
    tx: &DatabaseTransaction,
    origin: &Origin,
    provider: &str,
    identity: &Identity,
) -> ApiResult<(User, bool)> {
    let Some(email) = identity.email.as_ref().filter(|_| identity.email_verified) else {
        let problem = Problem::new(403, "email_unverified", "The provider does not vouch for your address");
        return Err(problem.with_detail("Confirm your e-mail address there, or sign in with your password.").into());
    };
    if let Some(user) = users::by_email(tx, email).await? {
        if !user.is_active() {
            return Ok((user, false));
        }
        if user.email_verified_at.is_none() {
            let problem = Problem::new(409, "account_exists", "There is an account with this address");
            let how = "Its owner has not confirmed the address. Sign in with your password, or choose a new one, \
                and link the provider in your settings.";
            return Err(problem.with_detail(how).into());
        }
        tie(app, tx, origin, provider, identity, &user).await?;
        return Ok((user, false));
    }
    let settings = app.site.settings(tx).await?;
    if settings.registration != Registration::Open {
        return Err(Problem::new(403, "registration_closed", "Nobody can register here").into());
    }
    let now = app.clock.millis();
    let account = NewAccount {
        id: id::new(),
        email: Some(checked_email(email)?),
        name: name(identity, email),
        email_verified_at: Some(now),
        ..NewAccount::default()
    };
    let user = register::insert(app, tx, account).await?;
    tie(app, tx, origin, provider, identity, &user).await?;
    let note = Note::new(Happening::Registered).about(&user.id).from(origin.address());
    note.detail(provider).write(tx, now).await?;
    Ok((user, true))
}

async fn tie(
    app: &App,
    tx: &DatabaseTransaction,
    origin: &Origin,
    provider: &str,
    identity: &Identity,
    user: &User,
) -> ApiResult<()> {
    let now = app.clock.millis();
    let email = identity.email.as_deref();
    if !identities::link(tx, &user.id, provider, &identity.subject, email, now).await? {
        let problem = Problem::new(409, "identity_taken", "This is linked already");
        return Err(problem.with_detail("Either this identity or this account is linked to another.").into());
    }
    let note = Note::new(Happening::IdentityLinked).about(&user.id).from(origin.address());
    Ok(note.detail(provider).write(tx, now).await?)
}

fn checked_email(email: &str) -> Result<String, Problem> {
    let mut check = Check::new();
    let email = check.email(email);
    check.finish().map_err(|_| sign_in_refused())?;
    Ok(email)
}

/// What the provider calls them, if that can be a name here.
fn name(identity: &Identity, email: &str) -> String {
    let given = identity.name.as_deref().unwrap_or_default();
    let local = email.split('@').next().unwrap_or_default();
    let shortened = |text: &str| text.chars().take(50).collect::<String>();
    [shortened(given), shortened(local)]
        .into_iter()
        .find_map(|candidate| {
            let mut check = Check::new();
            let name = check.name(&candidate);
            check.finish().is_ok().then_some(name)
        })
        .unwrap_or_else(|| "Somebody".to_owned())
}
