//! What other replicas of the service changed.

use async_trait::async_trait;
use contracts::events::{Event, KeysRotated};
use kit::{
    bus::{Consumer, DeliveryError, Reach},
    db::is_away,
    events::Message,
};

use crate::app::App;

const NAME: &str = "keys";

/// Reads the signing keys again when a replica changed them.
pub(crate) struct Listener(pub(crate) App);

#[async_trait]
impl Consumer for Listener {
    fn name(&self) -> &'static str {
        NAME
    }

    fn kinds(&self) -> &[&'static str] {
        &[KeysRotated::KIND]
    }

    /// Each replica signs with the keys that it holds.
    fn reach(&self) -> Reach {
        Reach::Each
    }

    async fn receive(&self, _: &Message) -> Result<(), DeliveryError> {
        // The database says what there is now, whichever change the message is about.
        self.0.keyring.reload(&self.0.db).await.map_err(|error| {
            let away = is_away(&error);
            let failed = DeliveryError::new(NAME, error);
            if away { failed.away() } else { failed }
        })
    }
}
