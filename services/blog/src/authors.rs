//! Keeps the copies of author names fresh: consumer of `user.profile.updated`.

use async_trait::async_trait;
use contracts::events::{Event, UserProfileUpdated};
use kit::{
    Clock,
    bus::{Consumer, DeliveryError},
    db::Db,
    events::{
        Message,
        inbox::{self, Receipt},
    },
};
use sea_orm::DbErr;

use crate::store;

const NAME: &str = "blog";

/// The consumer.
pub(crate) struct Authors {
    db: Db,
    clock: Clock,
}

impl Authors {
    pub(crate) fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Effect and inbox are one transaction.
    async fn apply(&self, message: &Message, update: &UserProfileUpdated) -> Result<(), DbErr> {
        let tx = self.db.begin().await?;
        if inbox::receive(&tx, message, self.clock.millis()).await? == Receipt::Fresh {
            store::authors::set(&tx, &update.user_id, &update.name, update.avatar.as_deref()).await?;
        }
        tx.commit().await
    }
}

#[async_trait]
impl Consumer for Authors {
    fn name(&self) -> &'static str {
        NAME
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[UserProfileUpdated::KIND]
    }

    async fn receive(&self, message: &Message) -> Result<(), DeliveryError> {
        if message.schema_version > UserProfileUpdated::SCHEMA_VERSION {
            let reason = format!("schema version {} is newer than this build", message.schema_version);
            return Err(DeliveryError::new(NAME, reason));
        }
        let update = serde_json::from_value(message.data.clone()).map_err(|error| DeliveryError::new(NAME, error))?;
        self.apply(message, &update).await.map_err(|error| DeliveryError::new(NAME, error))
    }
}
