//! Exchanges and queues. Declaring again what is there changes nothing, so everybody declares all.

use lapin::{
    Channel, ExchangeKind, Result,
    options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions},
    types::{AMQPValue, FieldTable},
};

use super::Options;
use crate::events::bus::{Consumer, Reach};

/// After so many deliveries that nobody answered, the broker gives up: such a message kills its
/// consumer's process. High, since a dying process takes with it whatever it was working on.
const DELIVERY_LIMIT: i32 = 50;

pub(super) struct Topology {
    /// All events, by their kind.
    pub(super) exchange: String,
    /// What the broker gave up on, by its queue.
    dead_exchange: String,
    prefix: String,
    others: Vec<(String, Vec<String>)>,
}

/// The queue of a consumer.
pub(super) struct Queue {
    pub(super) name: String,
    /// Where its dead letters are.
    pub(super) dead: Option<String>,
}

impl Topology {
    pub(super) fn of(options: &Options) -> Self {
        let prefix = options.prefix.clone();
        Self {
            exchange: format!("{prefix}.events"),
            dead_exchange: format!("{prefix}.dead"),
            prefix,
            others: options.others.clone(),
        }
    }

    /// The exchanges, and the queues of all services that are known, whether they have started or not:
    /// what is published before they do is not lost.
    pub(super) async fn declare_shared(&self, channel: &Channel) -> Result<()> {
        let durable = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
        for (name, kind) in [(&self.exchange, ExchangeKind::Topic), (&self.dead_exchange, ExchangeKind::Direct)] {
            channel.exchange_declare(name.as_str().into(), kind, durable, FieldTable::default()).await?;
        }
        for (name, kinds) in &self.others {
            self.declare_durable(channel, name, kinds).await?;
        }
        Ok(())
    }

    /// The queue of a consumer of this process.
    pub(super) async fn declare(&self, channel: &Channel, consumer: &dyn Consumer) -> Result<Queue> {
        let kinds: Vec<String> = consumer.kinds().iter().map(|kind| (*kind).to_owned()).collect();
        match consumer.reach() {
            Reach::One => self.declare_durable(channel, consumer.name(), &kinds).await,
            Reach::Each => self.declare_own(channel, consumer.name(), &kinds).await,
        }
    }

    async fn declare_durable(&self, channel: &Channel, name: &str, kinds: &[String]) -> Result<Queue> {
        let durable = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
        let queue = format!("{}.{name}", self.prefix);
        let dead = format!("{queue}.dead");
        let mut arguments = quorum();
        arguments.insert("x-single-active-consumer".into(), AMQPValue::Boolean(true));
        arguments.insert("x-delivery-limit".into(), AMQPValue::LongInt(DELIVERY_LIMIT));
        arguments.insert("x-dead-letter-exchange".into(), text(&self.dead_exchange));
        arguments.insert("x-dead-letter-routing-key".into(), text(&queue));
        // At most once unless said so, and saying so needs the overflow behaviour.
        arguments.insert("x-dead-letter-strategy".into(), text("at-least-once"));
        arguments.insert("x-overflow".into(), text("reject-publish"));
        channel.queue_declare(dead.as_str().into(), durable, quorum()).await?;
        self.bind(channel, &dead, &self.dead_exchange, &queue).await?;
        channel.queue_declare(queue.as_str().into(), durable, arguments).await?;
        for kind in kinds {
            self.bind(channel, &queue, &self.exchange, kind).await?;
        }
        Ok(Queue { name: queue, dead: Some(dead) })
    }

    /// A queue that goes with the connection.
    async fn declare_own(&self, channel: &Channel, name: &str, kinds: &[String]) -> Result<Queue> {
        let own = QueueDeclareOptions { exclusive: true, auto_delete: true, ..QueueDeclareOptions::default() };
        let queue = format!("{}.{name}.{}", self.prefix, crate::id::new());
        channel.queue_declare(queue.as_str().into(), own, FieldTable::default()).await?;
        for kind in kinds {
            self.bind(channel, &queue, &self.exchange, kind).await?;
        }
        Ok(Queue { name: queue, dead: None })
    }

    async fn bind(&self, channel: &Channel, queue: &str, exchange: &str, key: &str) -> Result<()> {
        let options = QueueBindOptions::default();
        channel.queue_bind(queue.into(), exchange.into(), key.into(), options, FieldTable::default()).await
    }
}

fn quorum() -> FieldTable {
    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), text("quorum"));
    arguments
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}
