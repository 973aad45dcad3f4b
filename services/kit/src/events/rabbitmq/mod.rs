//! Events through RabbitMQ: the [`Bus`] between processes.
//!
//! One topic exchange; one durable quorum queue per consumer, of which one replica at a time is
//! served, in order; publisher confirms; acknowledgement after the consumer's commit. What is tried
//! too often ends in the consumer's own table of dead letters; what kills its process again and again
//! is dead-lettered by the broker (at least once) and picked up from there into the same table.
//!
//! A connection that is lost is made anew, every second or two, as long as it takes.

mod publish;
mod receive;
mod topology;

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use async_trait::async_trait;
use futures_util::StreamExt;
use lapin::{Channel, Connection, ConnectionProperties, uri::AMQPUri};
use tokio::{sync::watch, task::JoinSet};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Message,
    bus::{Bus, Consumer, DeliveryError},
};
use crate::error::Chain;

/// How [`RabbitMq`] behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// After so many failed attempts a message becomes a dead letter of its consumer.
    pub attempts: u32,
    /// Pause after the first failed attempt; it doubles up to half a minute.
    pub first_pause: Duration,
    /// Exchange and queues begin with it.
    pub prefix: String,
    /// Consumers of other processes and the kinds they want (`*`: one word, `#`: any), so that their
    /// queues are there before they are.
    pub others: Vec<(String, Vec<String>)>,
}

impl Default for Options {
    fn default() -> Self {
        let known = contracts::events::SUBSCRIBERS.iter();
        let others = known.map(|(name, kinds)| ((*name).into(), kinds.iter().map(|kind| (*kind).into()).collect()));
        Self {
            attempts: 10,
            first_pause: Duration::from_millis(200),
            prefix: "maru".to_owned(),
            others: others.collect(),
        }
    }
}

/// The URL is not one of RabbitMQ. It is not repeated: it may hold a password.
#[derive(Debug, thiserror::Error)]
#[error("the URL of the bus must be amqp:// or amqps://")]
pub struct InvalidUrl;

/// The bus between processes. Cheap to clone.
#[derive(Clone)]
pub struct RabbitMq(Arc<Inner>);

struct Inner {
    uri: AMQPUri,
    options: Options,
    consumers: RwLock<Vec<Arc<dyn Consumer>>>,
    open: watch::Sender<bool>,
    /// Where to publish, while there is a connection.
    publisher: RwLock<Option<Channel>>,
}

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// Pause between attempts to connect.
const RECONNECT: [Duration; 2] = [Duration::from_millis(250), Duration::from_secs(1)];

impl RabbitMq {
    /// A bus that connects in the background and stays connected until `shutdown`.
    ///
    /// # Errors
    /// When `url` is not one of RabbitMQ.
    pub fn start(
        url: &str,
        options: Options,
        shutdown: CancellationToken,
        tasks: &TaskTracker,
    ) -> Result<Self, InvalidUrl> {
        let mut uri: AMQPUri = url.parse().map_err(|_| InvalidUrl)?;
        uri.query.heartbeat.get_or_insert(10);
        let bus = Self(Arc::new(Inner {
            uri,
            options,
            consumers: RwLock::default(),
            open: watch::Sender::new(false),
            publisher: RwLock::default(),
        }));
        let running = bus.clone();
        tasks.spawn(async move { running.stay_connected(shutdown).await });
        Ok(bus)
    }

    async fn stay_connected(&self, shutdown: CancellationToken) {
        let mut failures = 0;
        while !shutdown.is_cancelled() {
            match self.connected(&shutdown, &mut failures).await {
                Ok(()) => {}
                Err(error) if failures == 0 => {
                    tracing::warn!(cause = %Chain(&error), "the connection to RabbitMQ is gone; trying again");
                }
                Err(error) => tracing::debug!(cause = %Chain(&error), "RabbitMQ does not answer"),
            }
            self.set_publisher(None);
            let pause = RECONNECT[usize::from(failures > 2)];
            failures = failures.saturating_add(1);
            // Either: the end of the pause, or of the process.
            let _ = tokio::time::timeout(pause, shutdown.cancelled()).await;
        }
    }

    /// Connects, serves until the connection is gone, and says why.
    async fn connected(&self, shutdown: &CancellationToken, failures: &mut u32) -> Result<(), Error> {
        let properties = ConnectionProperties::default().with_connection_name("maru".into());
        let connection =
            tokio::time::timeout(CONNECT_WITHIN, Connection::connect_uri(self.0.uri.clone(), properties)).await??;
        let topology = topology::Topology::of(&self.0.options);
        let setup = connection.create_channel().await?;
        topology.declare_shared(&setup).await?;
        *failures = 0;
        let outcome = self.serve(&connection, &setup, &topology, shutdown).await;
        if shutdown.is_cancelled() {
            // Politeness: the broker would notice by itself.
            let _ = tokio::time::timeout(Duration::from_secs(1), connection.close(200, "shutdown".into())).await;
        }
        outcome
    }

    async fn serve(
        &self,
        connection: &Connection,
        setup: &Channel,
        topology: &topology::Topology,
        shutdown: &CancellationToken,
    ) -> Result<(), Error> {
        let mut events = std::pin::pin!(connection.events_listener());
        let lost = async {
            while let Some(event) = events.next().await {
                if let lapin::Event::Error(error) = event {
                    return Err(Error::from(error));
                }
            }
            Ok(())
        };
        let consume = async {
            self.opened().await;
            let consumers = self.0.consumers.read().unwrap_or_else(PoisonError::into_inner).clone();
            let mut queues = Vec::with_capacity(consumers.len());
            for consumer in consumers {
                queues.push((topology.declare(setup, consumer.as_ref()).await?, consumer));
            }
            // Only now: what finds no queue is gone.
            let publisher = connection.create_channel().await?;
            publisher.confirm_select(lapin::options::ConfirmSelectOptions::default()).await?;
            self.set_publisher(Some(publisher));
            tracing::info!("connected to RabbitMQ");
            let mut serving: JoinSet<Result<(), lapin::Error>> = JoinSet::new();
            for (queue, consumer) in queues {
                let options = self.0.options.clone();
                let channel = connection.create_channel().await?;
                if let Some(dead) = queue.dead.clone() {
                    let channel = connection.create_channel().await?;
                    serving.spawn(receive::bury_dead(channel, dead, consumer.clone(), shutdown.clone()));
                }
                serving.spawn(receive::serve(channel, queue.name, consumer, options, shutdown.clone()));
            }
            match serving.join_next().await {
                Some(Ok(Err(error))) => Err(Error::from(error)),
                // A process that only publishes, or the end.
                None => std::future::pending().await,
                Some(_) => {
                    while serving.join_next().await.is_some() {}
                    Ok(())
                }
            }
        };
        tokio::select! {
            outcome = lost => outcome,
            outcome = consume => outcome,
            () = async {
                shutdown.cancelled().await;
                // The consumers end by themselves; this is for a process without any.
                tokio::time::sleep(receive::DRAIN + Duration::from_secs(1)).await;
            } => Ok(()),
        }
    }

    fn set_publisher(&self, channel: Option<Channel>) {
        *self.0.publisher.write().unwrap_or_else(PoisonError::into_inner) = channel;
    }

    fn publisher(&self) -> Option<Channel> {
        let channel = self.0.publisher.read().unwrap_or_else(PoisonError::into_inner).clone();
        channel.filter(|channel| channel.status().connected())
    }
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("RabbitMQ")]
    Broker(#[from] lapin::Error),
    #[error("RabbitMQ took too long")]
    Late(#[from] tokio::time::error::Elapsed),
}

#[async_trait]
impl Bus for RabbitMq {
    fn subscribe(&self, consumer: Arc<dyn Consumer>) {
        self.0.consumers.write().unwrap_or_else(PoisonError::into_inner).push(consumer);
    }

    fn open(&self) {
        self.0.open.send_replace(true);
    }

    async fn opened(&self) {
        // The sender lives in `self`, so waiting ends only because the bus was opened.
        let _ = self.0.open.subscribe().wait_for(|open| *open).await;
    }

    async fn publish(&self, message: &Message) -> Result<(), DeliveryError> {
        // As with the bus in process: what is written before all are there waits.
        self.opened().await;
        let channel = self.publisher().ok_or_else(publish::away)?;
        publish::confirmed(&channel, &topology::Topology::of(&self.0.options).exchange, message).await
    }

    async fn check(&self) -> Result<(), DeliveryError> {
        self.publisher().map(|_| ()).ok_or_else(publish::away)
    }

    fn crosses_processes(&self) -> bool {
        true
    }

    fn parallel(&self) -> usize {
        128
    }
}
