//! Ending what lets somebody in: sessions, and access tokens before their end.

use contracts::{
    auth::{Revocations, RevokedUser},
    events::AccessRevoked,
};
use kit::events::outbox;
use sea_orm::{DatabaseTransaction, DbErr};

use crate::{
    app::App,
    store::{
        revocations,
        sessions::{self, Which},
        users::{self, User},
    },
};

/// What ended in a transaction. Call [`Ended::tell`] after its commit.
#[must_use]
pub(crate) struct Ended(Revocations);

/// Ends sessions of the user, with their tokens.
pub(crate) async fn end_sessions(
    app: &App,
    tx: &DatabaseTransaction,
    user: &User,
    which: Which<'_>,
) -> Result<Ended, DbErr> {
    let sessions = sessions::end(tx, &user.id, which).await?;
    if sessions.is_empty() {
        return Ok(Ended(Revocations::default()));
    }
    note(app, tx, &user.id, user.generation(), sessions).await
}

/// Ends all sessions of the user, and every token there is.
pub(crate) async fn end_all(app: &App, tx: &DatabaseTransaction, user: &User) -> Result<Ended, DbErr> {
    users::next_generation(tx, &user.id).await?;
    let sessions = sessions::end(tx, &user.id, Which::All).await?;
    note(app, tx, &user.id, user.generation() + 1, sessions).await
}

/// Ends the tokens of the user, since what they say is not true any more. The sessions go on with
/// new ones.
pub(crate) async fn renew_tokens(app: &App, tx: &DatabaseTransaction, user: &User) -> Result<Ended, DbErr> {
    users::next_generation(tx, &user.id).await?;
    note(app, tx, &user.id, user.generation() + 1, Vec::new()).await
}

async fn note(
    app: &App,
    tx: &DatabaseTransaction,
    user_id: &str,
    generation: u32,
    sessions: Vec<String>,
) -> Result<Ended, DbErr> {
    let now = app.clock.millis();
    revocations::add(tx, user_id, generation, &sessions, now).await?;
    let event = AccessRevoked { user_id: user_id.to_owned(), sessions: sessions.clone(), generation };
    outbox::add(tx, user_id, &event, now).await?;
    let users = vec![RevokedUser { user_id: user_id.to_owned(), generation }];
    Ok(Ended(Revocations { users, sessions }))
}

impl Ended {
    /// Whether there was nothing to end.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.sessions.is_empty() && self.0.users.is_empty()
    }

    /// Tells those who check tokens: here at once, elsewhere by the event that was written.
    pub(crate) async fn tell(self, app: &App) {
        app.verifier.revoke(&self.0).await;
        app.relay.wake();
    }
}
