//! The consumer's side: one message of an aggregate at a time, several aggregates side by side,
//! acknowledged after the commit.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use futures_util::StreamExt;
use lapin::{
    Channel,
    message::Delivery,
    options::{BasicAckOptions, BasicConsumeOptions, BasicNackOptions, BasicQosOptions},
    types::FieldTable,
};
use tokio::{
    sync::Semaphore,
    task::{AbortHandle, JoinSet},
};
use tokio_util::sync::CancellationToken;

use super::Options;
use crate::{
    error::Chain,
    events::{
        Message,
        bus::{Consumer, DeliveryError},
        received,
    },
    id,
};

/// Messages that the broker sends ahead.
const PREFETCH: u16 = 64;
/// Transactions at once.
const AT_ONCE: usize = 8;
/// How long work that has begun may take at shutdown.
pub(super) const DRAIN: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Pause while the consumer's database is away.
const AWAY_PAUSE: Duration = Duration::from_secs(1);

/// Who works on what: an aggregate that is there is being worked on, and these wait behind.
type Lanes = HashMap<String, VecDeque<(Message, Delivery)>>;

/// Serves a queue until the channel is gone or the process ends.
pub(super) async fn serve(
    channel: Channel,
    queue: String,
    consumer: Arc<dyn Consumer>,
    options: Options,
    shutdown: CancellationToken,
) -> Result<(), lapin::Error> {
    channel.basic_qos(PREFETCH, BasicQosOptions::default()).await?;
    let mut deliveries = channel
        .basic_consume(queue.as_str().into(), "".into(), BasicConsumeOptions::default(), FieldTable::default())
        .await?;
    let worker = Worker { consumer, options, permits: Arc::new(Semaphore::new(AT_ONCE)) };
    let mut lanes = Lanes::new();
    let mut working: JoinSet<Result<String, lapin::Error>> = JoinSet::new();
    let outcome = loop {
        tokio::select! {
            () = shutdown.cancelled() => break Ok(()),
            delivery = deliveries.next() => match delivery {
                None => break Ok(()),
                Some(Err(error)) => break Err(error),
                Some(Ok(delivery)) => match serde_json::from_slice::<Message>(&delivery.data) {
                    Ok(message) => {
                        if let Some(waiting) = lanes.get_mut(&message.aggregate_id) {
                            waiting.push_back((message, delivery));
                        } else {
                            lanes.insert(message.aggregate_id.clone(), VecDeque::new());
                            worker.start(&mut working, message, delivery);
                        }
                    }
                    Err(error) => {
                        tracing::error!(queue, cause = %error, "a message cannot be read");
                        reject(&delivery).await?;
                    }
                },
            },
            Some(done) = working.join_next() => match done {
                Ok(Ok(aggregate)) => match lanes.get_mut(&aggregate).and_then(VecDeque::pop_front) {
                    Some((message, delivery)) => {
                        worker.start(&mut working, message, delivery);
                    }
                    None => {
                        lanes.remove(&aggregate);
                    }
                },
                Ok(Err(error)) => break Err(error),
                // A handler panicked. What it had is delivered again, with all that follows it, on a new channel.
                Err(panicked) => {
                    tracing::error!(queue, cause = %panicked, "a consumer panicked");
                    tokio::time::sleep(AWAY_PAUSE).await;
                    break Ok(());
                }
            },
        }
    };
    if shutdown.is_cancelled() {
        // What has begun may end; what takes longer is delivered again.
        let _ = tokio::time::timeout(DRAIN, async { while working.join_next().await.is_some() {} }).await;
    }
    outcome
}

struct Worker {
    consumer: Arc<dyn Consumer>,
    options: Options,
    permits: Arc<Semaphore>,
}

impl Worker {
    fn start(
        &self,
        working: &mut JoinSet<Result<String, lapin::Error>>,
        message: Message,
        delivery: Delivery,
    ) -> AbortHandle {
        let (consumer, options, permits) = (self.consumer.clone(), self.options.clone(), self.permits.clone());
        working.spawn(async move {
            settle(consumer.as_ref(), &options, &permits, &message, &delivery).await?;
            Ok(message.aggregate_id)
        })
    }
}

/// Applies a message, as often as it takes, and acknowledges it; or sets it aside.
async fn settle(
    consumer: &dyn Consumer,
    options: &Options,
    permits: &Semaphore,
    message: &Message,
    delivery: &Delivery,
) -> Result<(), lapin::Error> {
    let mut attempts = 0;
    let mut pause = options.first_pause;
    // The queue may bring more than this build of the consumer wants.
    while consumer.kinds().contains(&message.kind.as_str()) {
        let outcome = {
            // Nobody closes it.
            let _permit = permits.acquire().await;
            received::hand_over(consumer, message).await
        };
        match outcome {
            Ok(()) => break,
            Err(error) if error.is_away() => {
                tracing::warn!(event = %message.id, cause = %Chain(&error), "a consumer cannot work at the moment");
                tokio::time::sleep(AWAY_PAUSE).await;
            }
            Err(error) => {
                attempts += 1;
                tracing::warn!(event = %message.id, attempts, cause = %Chain(&error), "a message was not applied");
                if attempts >= options.attempts {
                    return give_up(consumer, message, delivery, attempts, &error).await;
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
    delivery.acker.ack(BasicAckOptions::default()).await.map(|_| ())
}

async fn give_up(
    consumer: &dyn Consumer,
    message: &Message,
    delivery: &Delivery,
    attempts: u32,
    error: &DeliveryError,
) -> Result<(), lapin::Error> {
    let cause = Chain(error).to_string();
    match consumer.bury(message, attempts, &cause).await {
        Ok(()) => delivery.acker.ack(BasicAckOptions::default()).await.map(|_| ()),
        // It has no place for it, or cannot reach it: the broker has one.
        Err(_) => reject(delivery).await,
    }
}

/// To the queue of dead letters.
async fn reject(delivery: &Delivery) -> Result<(), lapin::Error> {
    let options = BasicNackOptions { requeue: false, ..BasicNackOptions::default() };
    delivery.acker.nack(options).await.map(|_| ())
}

/// Brings what the broker gave up on into the consumer's own table, where somebody can see it.
pub(super) async fn bury_dead(
    channel: Channel,
    queue: String,
    consumer: Arc<dyn Consumer>,
    shutdown: CancellationToken,
) -> Result<(), lapin::Error> {
    channel.basic_qos(1, BasicQosOptions::default()).await?;
    let mut deliveries = channel
        .basic_consume(queue.as_str().into(), "".into(), BasicConsumeOptions::default(), FieldTable::default())
        .await?;
    loop {
        let delivery = tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            delivery = deliveries.next() => match delivery {
                None => return Ok(()),
                Some(delivery) => delivery?,
            },
        };
        let message = serde_json::from_slice(&delivery.data).unwrap_or_else(|_| unreadable(&delivery));
        while let Err(error) = consumer.bury(&message, 0, "the broker gave up delivering it").await {
            tracing::warn!(queue, cause = %Chain(&error), "a dead letter stays with the broker for now");
            if shutdown.run_until_cancelled(tokio::time::sleep(LONGEST_PAUSE)).await.is_none() {
                return Ok(());
            }
        }
        delivery.acker.ack(BasicAckOptions::default()).await?;
    }
}

/// Something that is no message, as one that can be seen and dropped.
fn unreadable(delivery: &Delivery) -> Message {
    let given = delivery.properties.message_id().as_ref().and_then(|id| id::parse(id.as_str()));
    let id = if let Some(id) = given { id } else { id::new() };
    Message {
        id,
        kind: "unreadable".to_owned(),
        aggregate_id: String::new(),
        sequence: 0,
        occurred_at: String::new(),
        trace: None,
        schema_version: u32::MAX,
        data: String::from_utf8_lossy(&delivery.data).into_owned().into(),
    }
}
