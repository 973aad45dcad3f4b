//! Mails: written into the database beside what causes them, sent by a task in the background.

mod compose;
mod files;
mod sender;
mod smtp;
mod transport;
mod wishes;

use contracts::auth::AuthSettings;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

pub(crate) use compose::{Composed, Letter, compose};
pub(crate) use sender::{Sender, spawn};
pub(crate) use transport::open;

use crate::store::{mails, settings};

/// What mails say of the site.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// Without a slash at the end.
    pub(crate) url: String,
    /// Settings until an admin changed them.
    pub(crate) defaults: AuthSettings,
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl Site {
    /// What the admin decided.
    pub(crate) async fn settings<C: ConnectionTrait>(&self, db: &C) -> Result<AuthSettings, DbErr> {
        settings::read(db, &self.defaults).await
    }

    /// Queues a letter, in the transaction of what causes it. `locale` is the recipient's, if they
    /// have one. Wake the sender after the commit.
    pub(crate) async fn post(
        &self,
        tx: &DatabaseTransaction,
        to: &str,
        locale: Option<&str>,
        letter: &Letter<'_>,
        now: i64,
    ) -> Result<(), DbErr> {
        let settings = self.settings(tx).await?;
        let composed = compose(letter, locale.unwrap_or(&settings.locale), &settings.site_name, &self.url);
        mails::add(tx, to, composed, letter.lifetime_ms().unwrap_or(2 * DAY_MS), now).await
    }
}
