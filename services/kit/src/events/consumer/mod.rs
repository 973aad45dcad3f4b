//! A service's consumer, put together from one handler per event.
//!
//! ```ignore
//! let consumer = Consumer::new("blog", db, shared.clock.clone())
//!     .on::<UserProfileUpdated>(|tx, message, event| Box::pin(async move {
//!         store::authors::set(tx, &event.user_id, &event.name, event.avatar.as_deref()).await?;
//!         Ok(())
//!     }))
//!     .after_commit(move |message| Box::pin(cache.purge(&message.aggregate_id)))
//!     .subscribe(shared);
//! ```
//!
//! The handler runs in the transaction that notes the message in the [`inbox`], so that both happen
//! or neither. What it cannot read because a newer build wrote it is *parked*: kept in a table of
//! the consumer, in order, and applied once a build that can read it starts, or by hand.

mod parked;

use std::{collections::BTreeMap, future::Future, pin::Pin, sync::Arc, time::Duration};

use async_trait::async_trait;
use contracts::events::Event;
use sea_orm::{DatabaseTransaction, DbErr};

use super::{
    Message,
    bus::{self, DeliveryError},
    inbox::{self, Receipt},
};
use crate::{Clock, Shared, db::Db, error::Chain};

pub use parked::Replayed;

/// The table of messages set aside, for a service's migrations, beside [`inbox::SQL`].
pub const SQL: &str = include_str!("../consumer.sql");

/// How often what is parked is looked at.
const REPLAY_EVERY: Duration = Duration::from_secs(60);
/// How often ids of applied messages are forgotten.
const PRUNE_EVERY: Duration = Duration::from_secs(60 * 60);

/// Why a handler could not do its work. `?` takes any error into it.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What a handler answers.
pub type Handling<'a> = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>;

type Apply = Box<dyn for<'a> Fn(&'a DatabaseTransaction, &'a Message) -> Handling<'a> + Send + Sync>;
type Hook = Box<dyn for<'a> Fn(&'a Message) -> Following<'a> + Send + Sync>;

/// What follows from a commit.
pub type Following<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// What is done with messages of one kind.
struct Handlers {
    newest: u32,
    apply: Vec<Apply>,
}

/// The one consumer of a service. Its name names its queue, so it never changes.
pub struct Consumer {
    name: &'static str,
    db: Db,
    clock: Clock,
    handlers: BTreeMap<&'static str, Handlers>,
    kinds: Vec<&'static str>,
    after: Vec<Hook>,
}

impl Consumer {
    /// A consumer without handlers. A service has one, since it has one inbox.
    pub fn new(name: &'static str, db: Db, clock: Clock) -> Self {
        Self { name, db, clock, handlers: BTreeMap::new(), kinds: Vec::new(), after: Vec::new() }
    }

    /// Applies events of this kind with `handler`, in the transaction of the inbox. Several handlers
    /// of one kind run one after the other in the same transaction.
    #[must_use]
    pub fn on<E: Event + Send + 'static>(
        mut self,
        handler: impl for<'a> Fn(&'a DatabaseTransaction, &'a Message, E) -> Handling<'a> + Send + Sync + 'static,
    ) -> Self {
        let apply: Apply = Box::new(move |tx, message| match serde_json::from_value::<E>(message.data.clone()) {
            Ok(event) => handler(tx, message, event),
            Err(error) => Box::pin(async move { Err(Failure::from(error)) }),
        });
        let handlers =
            self.handlers.entry(E::KIND).or_insert_with(|| Handlers { newest: E::SCHEMA_VERSION, apply: Vec::new() });
        handlers.apply.push(apply);
        self.kinds = self.handlers.keys().copied().collect();
        self
    }

    /// Does what `hook` says after each commit of an effect, and before the message counts as delivered:
    /// to empty a cache, to wake a relay. It may be missed when the process ends right then.
    #[must_use]
    pub fn after_commit(mut self, hook: impl for<'a> Fn(&'a Message) -> Following<'a> + Send + Sync + 'static) -> Self {
        self.after.push(Box::new(hook));
        self
    }

    /// Registers it on the bus, applies what an older build parked and this one can read, and forgets what no
    /// delivery can bring again.
    pub fn subscribe(self, shared: &Shared) -> Arc<Self> {
        let unheard = |kind: &&str| contracts::events::reaches(self.name, kind) == Some(false);
        // What a broker keeps for a service that never ran is less than it wants: a mistake of whoever added the handler.
        debug_assert_eq!(
            self.kinds.iter().find(|kind| unheard(kind)),
            None,
            "missing in SUBSCRIBERS for {}",
            self.name
        );
        let consumer = Arc::new(self);
        shared.bus.subscribe(consumer.clone());
        let (pruned, shutdown) = (consumer.clone(), shared.shutdown.clone());
        shared.tasks.spawn(shutdown.run_until_cancelled_owned(async move {
            loop {
                match inbox::prune(&pruned.db, pruned.clock.millis()).await {
                    Ok(0) => {}
                    Ok(count) => tracing::info!(consumer = pruned.name, count, "ids of old messages were forgotten"),
                    Err(error) => tracing::warn!(cause = %Chain(&error), "the inbox could not be pruned"),
                }
                tokio::time::sleep(PRUNE_EVERY).await;
            }
        }));
        let (waiting, shutdown) = (consumer.clone(), shared.shutdown.clone());
        shared.tasks.spawn(shutdown.run_until_cancelled_owned(async move {
            loop {
                if let Err(error) = waiting.replay_readable().await {
                    tracing::error!(consumer = waiting.name, cause = %Chain(&error), "parked messages wait");
                }
                // What was parked behind one that is being replayed at the same moment.
                tokio::time::sleep(REPLAY_EVERY).await;
            }
        }));
        consumer
    }

    /// Its database, where what it set aside lies.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Whether this build can read the message.
    fn reads(&self, message: &Message) -> bool {
        self.handlers.get(message.kind.as_str()).is_some_and(|handlers| message.schema_version <= handlers.newest)
    }

    /// Notes and applies a message in `tx`.
    async fn apply(&self, tx: &DatabaseTransaction, message: &Message) -> Result<Receipt, Failure> {
        let receipt = inbox::receive(tx, message, self.clock.millis()).await?;
        if receipt == Receipt::Fresh
            && let Some(handlers) = self.handlers.get(message.kind.as_str())
        {
            for apply in &handlers.apply {
                apply(tx, message).await?;
            }
        }
        Ok(receipt)
    }

    async fn committed(&self, message: &Message) {
        for hook in &self.after {
            hook(message).await;
        }
    }

    fn failed(&self, error: Failure) -> DeliveryError {
        let away = error.downcast_ref::<DbErr>().is_some_and(crate::db::is_away);
        let failed = DeliveryError::new(self.name, error);
        if away { failed.away() } else { failed }
    }

    async fn take(&self, message: &Message) -> Result<(), Failure> {
        let tx = self.db.begin().await?;
        if let Some(reason) = self.why_park(&tx, message).await? {
            parked::park(&tx, message, reason, 0, None, self.clock.millis()).await?;
            tx.commit().await?;
            tracing::warn!(
                consumer = self.name,
                event = %message.id,
                kind = %message.kind,
                schema_version = message.schema_version,
                reason,
                "a message was parked"
            );
            return Ok(());
        }
        let receipt = self.apply(&tx, message).await?;
        tx.commit().await?;
        if receipt == Receipt::Fresh {
            self.committed(message).await;
        }
        Ok(())
    }

    async fn why_park(&self, tx: &DatabaseTransaction, message: &Message) -> Result<Option<&'static str>, DbErr> {
        if !self.reads(message) {
            return Ok(Some(parked::NEWER));
        }
        Ok(parked::is_waited_for(tx, message).await?.then_some(parked::BEHIND))
    }
}

#[async_trait]
impl bus::Consumer for Consumer {
    fn name(&self) -> &'static str {
        self.name
    }

    fn kinds(&self) -> &[&'static str] {
        &self.kinds
    }

    async fn receive(&self, message: &Message) -> Result<(), DeliveryError> {
        self.take(message).await.map_err(|error| self.failed(error))
    }

    async fn bury(&self, message: &Message, attempts: u32, cause: &str) -> Result<(), DeliveryError> {
        self.set_aside(message, attempts, cause).await.map_err(|error| self.failed(error.into()))
    }
}
