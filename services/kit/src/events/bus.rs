//! How messages travel from a producer's relay to the consumers.

use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use tokio::sync::watch;

use super::Message;

/// Takes messages of some kinds and applies each once (see [`super::inbox`]).
#[async_trait]
pub trait Consumer: Send + Sync {
    /// For logs.
    fn name(&self) -> &'static str;

    /// Which kinds it wants.
    fn kinds(&self) -> &'static [&'static str];

    /// Applies a message. `Ok` only after the commit.
    async fn receive(&self, message: &Message) -> Result<(), DeliveryError>;
}

/// Why a message was not delivered. It will be tried again.
#[derive(Debug, thiserror::Error)]
#[error("{consumer} did not take it")]
pub struct DeliveryError {
    /// Who.
    pub consumer: &'static str,
    /// Why.
    #[source]
    pub cause: Box<dyn std::error::Error + Send + Sync>,
}

impl DeliveryError {
    /// `consumer` failed because of `cause`.
    pub fn new(consumer: &'static str, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { consumer, cause: cause.into() }
    }
}

/// The way between services.
#[async_trait]
pub trait Bus: Send + Sync {
    /// Adds a consumer. Only before [`Bus::open`]: what travels before is not seen by who comes later.
    fn subscribe(&self, consumer: Arc<dyn Consumer>);

    /// All consumers are there; messages may travel.
    fn open(&self);

    /// Hands a message to all who want it and answers when each has committed. Waits for
    /// [`Bus::open`].
    async fn publish(&self, message: &Message) -> Result<(), DeliveryError>;
}

/// Hands messages over inside the process. Durable through the producer's outbox and the
/// consumers' inboxes.
#[derive(Default)]
pub struct InProcess {
    consumers: RwLock<Vec<Arc<dyn Consumer>>>,
    open: watch::Sender<bool>,
}

impl InProcess {
    /// A bus without consumers, closed.
    pub fn new() -> Self {
        Self::default()
    }

    fn who_wants(&self, kind: &str) -> Vec<Arc<dyn Consumer>> {
        let consumers = self.consumers.read().unwrap_or_else(PoisonError::into_inner);
        consumers.iter().filter(|consumer| consumer.kinds().contains(&kind)).cloned().collect()
    }
}

#[async_trait]
impl Bus for InProcess {
    fn subscribe(&self, consumer: Arc<dyn Consumer>) {
        self.consumers.write().unwrap_or_else(PoisonError::into_inner).push(consumer);
    }

    fn open(&self) {
        self.open.send_replace(true);
    }

    async fn publish(&self, message: &Message) -> Result<(), DeliveryError> {
        // The sender lives in `self`, so waiting ends only because the bus was opened.
        let _ = self.open.subscribe().wait_for(|open| *open).await;
        for consumer in self.who_wants(&message.kind) {
            consumer.receive(message).await?;
        }
        Ok(())
    }
}
