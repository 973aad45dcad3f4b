//! How messages travel from a producer's relay to the consumers.

use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use tokio::sync::watch;

use super::{Message, received};

/// Takes messages of some kinds and applies each once (see [`super::inbox`]).
#[async_trait]
pub trait Consumer: Send + Sync {
    /// For logs.
    fn name(&self) -> &'static str;

    /// Which kinds it wants.
    fn kinds(&self) -> &[&'static str];

    /// Who of several replicas of the process gets a message.
    fn reach(&self) -> Reach {
        Reach::One
    }

    /// Applies a message. `Ok` only after the commit.
    async fn receive(&self, message: &Message) -> Result<(), DeliveryError>;

    /// Keeps a message that failed too often where somebody can see it. One that has no place for it
    /// says so, and the broker keeps the message.
    async fn bury(&self, _message: &Message, _attempts: u32, _cause: &str) -> Result<(), DeliveryError> {
        Err(DeliveryError::new(self.name(), "it has no place for messages that failed"))
    }
}

/// Who of several replicas gets a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// One of them, surely: what it does is kept in their database.
    #[default]
    One,
    /// Each that runs at the moment: what it does is kept in memory. One that was away starts anew.
    Each,
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
    away: bool,
}

impl DeliveryError {
    /// `consumer` failed because of `cause`.
    pub fn new(consumer: &'static str, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { consumer, cause: cause.into(), away: false }
    }

    /// The same, because something that is needed (a broker, a database) is away. That says nothing
    /// about the message, so it does not count as an attempt.
    #[must_use]
    pub fn away(mut self) -> Self {
        self.away = true;
        self
    }

    /// Whether something that is needed was away.
    pub fn is_away(&self) -> bool {
        self.away
    }
}

/// The way between services.
#[async_trait]
pub trait Bus: Send + Sync {
    /// Adds a consumer. Only before [`Bus::open`]: what travels before is not seen by who comes later.
    fn subscribe(&self, consumer: Arc<dyn Consumer>);

    /// All services of the process have started, and all consumers are there; messages may travel.
    fn open(&self);

    /// Returns after [`Bus::open`]. Background work that calls other services waits for it: before, a
    /// service may be missing only because it starts later.
    async fn opened(&self);

    /// Hands a message to all who want it, whoever of them fails, and answers when each has committed. Waits
    /// for [`Bus::open`].
    async fn publish(&self, message: &Message) -> Result<(), DeliveryError>;

    /// Whether messages can travel now. For `/ready`, and for the relay, which waits while they
    /// cannot.
    async fn check(&self) -> Result<(), DeliveryError> {
        Ok(())
    }

    /// How many messages are worth handing over side by side.
    fn parallel(&self) -> usize {
        8
    }

    /// Whether it reaches other processes. A service that runs alone needs one that does.
    fn crosses_processes(&self) -> bool {
        false
    }
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

    async fn opened(&self) {
        // The sender lives in `self`, so waiting ends only because the bus was opened.
        let _ = self.open.subscribe().wait_for(|open| *open).await;
    }

    async fn publish(&self, message: &Message) -> Result<(), DeliveryError> {
        self.opened().await;
        let mut outcome = Ok(());
        for consumer in self.who_wants(&message.kind) {
            // Whoever fails takes it again later, and nothing from those after it: for who has it, it is a duplicate.
            let handed = received::hand_over(consumer.as_ref(), message).await;
            outcome = outcome.and(handed);
        }
        outcome
    }
}
