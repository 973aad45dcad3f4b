//! Carries the outbox to the bus.

use std::{sync::Arc, time::Duration};

use futures_util::StreamExt;
use sea_orm::{DbErr, FromQueryResult};
use tokio::{
    sync::{Notify, mpsc},
    time::Instant,
};

use super::{
    Message,
    bus::{Bus, DeliveryError},
};
use crate::{
    Clock, Shared,
    clock::rfc3339,
    db::{Db, sql},
    error::Chain,
};

/// After so many failed attempts an event becomes a dead letter: about two hours.
const MAX_ATTEMPTS: i32 = 30;
/// Longest pause between two attempts.
const MAX_PAUSE_MS: i64 = 5 * 60 * 1000;
/// The relay looks by itself this often, for rows that nobody told it of.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Pause while a broker or a consumer's database is away.
const AWAY_PAUSE_MS: i64 = 1_000;
/// How often a bus that is away is looked at.
const LOOK_FOR_BUS: Duration = Duration::from_millis(250);

/// Tells the relay that there may be something new.
#[derive(Clone, Debug, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// Call after the commit.
    pub fn wake(&self) {
        self.0.notify_one();
    }
}

/// Starts the relay of a service as a background task that ends at shutdown.
pub fn spawn(db: Db, shared: &Shared) -> Wake {
    let wake = Wake::default();
    let relay = Relay::new(db, shared.bus.clone(), shared.clock.clone());
    let (woken, shutdown) = (wake.clone(), shared.shutdown.clone());
    shared.tasks.spawn(shutdown.run_until_cancelled_owned(async move {
        loop {
            if let Err(error) = relay.deliver_due().await {
                tracing::error!(cause = %Chain(&error), "the relay could not use its outbox");
            }
            if relay.bus.check().await.is_err() {
                // However much is written meanwhile.
                tokio::time::sleep(LOOK_FOR_BUS).await;
                continue;
            }
            // Whichever comes first.
            let _ = tokio::time::timeout(LOOK_EVERY, woken.0.notified()).await;
        }
    }));
    wake
}

/// Delivers the events of one outbox.
#[derive(Clone)]
pub struct Relay {
    db: Db,
    bus: Arc<dyn Bus>,
    clock: Clock,
}

#[derive(FromQueryResult)]
struct Row {
    id: String,
    kind: String,
    aggregate_id: String,
    sequence: i64,
    occurred_at: i64,
    trace: Option<String>,
    schema_version: i32,
    data: String,
    attempts: i32,
}

/// The oldest events of aggregates whose oldest is due: an event never overtakes one that waits. A few
/// of each, so that a long row of one does not hold up the others.
const DUE: &str = "SELECT id, kind, aggregate_id, sequence, occurred_at, trace, schema_version, data, attempts
    FROM (
        SELECT outbox.*, ROW_NUMBER() OVER (PARTITION BY aggregate_id ORDER BY sequence) AS place
        FROM outbox WHERE aggregate_id IN (
            SELECT aggregate_id FROM outbox
            WHERE next_attempt_at <= $1 AND NOT EXISTS (
                SELECT 1 FROM outbox AS earlier
                WHERE earlier.aggregate_id = outbox.aggregate_id AND earlier.sequence < outbox.sequence
            )
            ORDER BY id LIMIT 200
        )
    ) AS waiting
    WHERE place <= 20 ORDER BY aggregate_id, sequence";

/// Delivered events are forgotten so many at a time, or what there is after so long.
const FORGET: usize = 50;
const GATHER: Duration = Duration::from_millis(20);

impl Relay {
    /// A relay from the outbox in `db` to `bus`.
    pub fn new(db: Db, bus: Arc<dyn Bus>, clock: Clock) -> Self {
        Self { db, bus, clock }
    }

    /// Delivers what is due, until nothing is, or the bus is away.
    ///
    /// # Errors
    /// When the outbox itself cannot be read or written.
    pub async fn deliver_due(&self) -> Result<(), DbErr> {
        while self.bus.check().await.is_ok() {
            let rows = sql::all::<Row, _>(self.db.read(), DUE, [self.clock.millis().into()]).await?;
            if rows.is_empty() {
                return Ok(());
            }
            self.deliver_all(rows).await?;
        }
        Ok(())
    }

    /// Aggregates side by side, the events of each one after the other. What is delivered is forgotten
    /// soon after, so that a process that dies leaves little to be delivered twice.
    async fn deliver_all(&self, rows: Vec<Row>) -> Result<(), DbErr> {
        let (delivered, mut ids) = mpsc::unbounded_channel();
        let deliver = async move {
            let lanes = by_aggregate(rows).into_iter().map(|lane| self.deliver_lane(lane, delivered.clone()));
            let mut lanes = futures_util::stream::iter(lanes).buffer_unordered(self.bus.parallel());
            while let Some(outcome) = lanes.next().await {
                outcome?;
            }
            Ok(())
        };
        let forget = async {
            while let Some(first) = ids.recv().await {
                let mut some = vec![first];
                let end = Instant::now() + GATHER;
                while some.len() < FORGET
                    && let Ok(Some(id)) = tokio::time::timeout_at(end, ids.recv()).await
                {
                    some.push(id);
                }
                self.forget(some).await?;
            }
            Ok(())
        };
        tokio::try_join!(deliver, forget).map(|_| ())
    }

    /// Delivers the events of one aggregate up to the first that fails.
    async fn deliver_lane(&self, lane: Vec<Row>, delivered: mpsc::UnboundedSender<String>) -> Result<(), DbErr> {
        for row in lane {
            let (id, attempts) = (row.id.clone(), row.attempts);
            let outcome = match message(row) {
                Ok(message) => self.bus.publish(&message).await,
                Err(error) => Err(DeliveryError::new("relay", error)),
            };
            match outcome {
                // Nobody listens any more only when the outbox cannot be written; it is delivered again then.
                Ok(()) => drop(delivered.send(id)),
                Err(error) => return self.failed(id, attempts, &error).await,
            }
        }
        Ok(())
    }

    async fn forget(&self, ids: Vec<String>) -> Result<(), DbErr> {
        let places: Vec<String> = (1..=ids.len()).map(|place| format!("${place}")).collect();
        let delete = format!("DELETE FROM outbox WHERE id IN ({})", places.join(", "));
        sql::execute(self.db.write(), &delete, ids.into_iter().map(Into::into)).await.map(|_| ())
    }

    async fn failed(&self, id: String, attempts: i32, error: &DeliveryError) -> Result<(), DbErr> {
        let cause = Chain(error).to_string();
        if error.is_away() {
            // Not its fault: it does not count, and it comes back as soon as whoever was away does.
            let next = self.clock.millis() + AWAY_PAUSE_MS;
            return self.postpone(id, attempts, next, cause).await;
        }
        let attempts = attempts + 1;
        if attempts >= MAX_ATTEMPTS {
            return self.bury(id, attempts, cause).await;
        }
        let next = self.clock.millis() + pause(attempts, rand::random());
        self.postpone(id, attempts, next, cause).await
    }

    async fn postpone(&self, id: String, attempts: i32, next: i64, cause: String) -> Result<(), DbErr> {
        tracing::warn!(event = %id, attempts, cause = %cause, "an event was not delivered; it will be tried again");
        let sql = "UPDATE outbox SET attempts = $2, next_attempt_at = $3, last_error = $4 WHERE id = $1";
        sql::execute(self.db.write(), sql, [id.into(), attempts.into(), next.into(), cause.into()]).await.map(|_| ())
    }

    async fn bury(&self, id: String, attempts: i32, cause: String) -> Result<(), DbErr> {
        tracing::error!(event = %id, attempts, cause = %cause, "an event became a dead letter");
        let tx = self.db.begin().await?;
        let copy = "INSERT INTO dead_letters (id, kind, aggregate_id, sequence, occurred_at, trace, schema_version,
                data, attempts, last_error, died_at)
            SELECT id, kind, aggregate_id, sequence, occurred_at, trace, schema_version, data, $2, $3, $4
            FROM outbox WHERE id = $1 ON CONFLICT (id) DO NOTHING";
        let now = self.clock.millis();
        sql::execute(&tx, copy, [id.as_str().into(), attempts.into(), cause.into(), now.into()]).await?;
        sql::execute(&tx, "DELETE FROM outbox WHERE id = $1", [id.into()]).await?;
        tx.commit().await
    }
}

/// Rows in the order of their aggregates, one list for each.
fn by_aggregate(rows: Vec<Row>) -> Vec<Vec<Row>> {
    let mut lanes: Vec<Vec<Row>> = Vec::new();
    for row in rows {
        match lanes.last_mut() {
            Some(lane) if lane.first().is_some_and(|first| first.aggregate_id == row.aggregate_id) => lane.push(row),
            _ => lanes.push(vec![row]),
        }
    }
    lanes
}

fn message(row: Row) -> Result<Message, serde_json::Error> {
    Ok(Message {
        data: serde_json::from_str(&row.data)?,
        id: row.id,
        kind: row.kind,
        aggregate_id: row.aggregate_id,
        sequence: row.sequence,
        occurred_at: rfc3339(row.occurred_at),
        trace: row.trace,
        schema_version: u32::try_from(row.schema_version).unwrap_or_default(),
    })
}

/// Doubles from a quarter of a second, never longer than [`MAX_PAUSE_MS`]; `random` takes up to half
/// of it away, so that many that failed together do not come back together.
fn pause(attempts: i32, random: f64) -> i64 {
    let exponent = u32::try_from(attempts.clamp(1, 20)).unwrap_or(1);
    let full = (125_i64 << exponent).min(MAX_PAUSE_MS);
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "at most five minutes")]
    let less = (full as f64 * random / 2.0) as i64;
    full - less
}

#[cfg(test)]
mod tests {
    use super::{MAX_PAUSE_MS, pause};

    #[test]
    fn pauses_grow_to_a_limit_with_jitter() {
        assert_eq!(pause(1, 0.0), 250);
        assert_eq!(pause(2, 0.0), 500);
        assert_eq!(pause(2, 1.0), 250);
        assert_eq!(pause(1000, 0.0), MAX_PAUSE_MS);
    }
}
