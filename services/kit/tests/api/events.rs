//! Events through every point at which a process may be killed: each arrives, in order, once.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::events::{Event, UserProfileUpdated};
use kit::{
    bus::{Bus, Consumer, DeliveryError, InProcess},
    db::{Db, Migration, sql},
    events::{
        Message,
        inbox::{self, Receipt},
        outbox,
        relay::{self, Relay},
    },
    id,
    testing::{Backend, TestDb, TestShared, eventually},
};
use tokio::sync::Notify;

kit::on_both_databases!(
    killed_after_the_commit_and_before_delivery,
    killed_after_delivery_and_before_it_is_marked,
    killed_inside_the_consumers_transaction,
    a_stale_event_changes_nothing,
    a_failing_event_holds_back_only_its_own_aggregate,
    what_fails_for_ever_becomes_a_dead_letter,
    the_background_relay_delivers_what_it_is_told_of,
    old_receipts_are_forgotten,
);

const PRODUCER: &[Migration] = &[Migration { number: 1, name: "outbox", sql: outbox::SQL }];
const CONSUMER: &[Migration] = &[
    Migration { number: 1, name: "inbox", sql: inbox::SQL },
    Migration {
        number: 2,
        name: "names",
        sql: "CREATE TABLE names (id TEXT PRIMARY KEY, name TEXT NOT NULL, times BIGINT NOT NULL);",
    },
];

/// Two services with a database each.
struct Pair {
    producer: Db,
    consumer: Db,
    shared: TestShared,
    _databases: [TestDb; 2],
}

impl Pair {
    async fn new(backend: Backend) -> Self {
        let databases = [TestDb::new(backend).await, TestDb::new(backend).await];
        let (producer, consumer) = (databases[0].connect().await, databases[1].connect().await);
        producer.migrate(PRODUCER).await.expect("an outbox");
        consumer.migrate(CONSUMER).await.expect("an inbox");
        Self { producer, consumer, shared: TestShared::new(), _databases: databases }
    }

    /// The producer's own change, with its event.
    async fn rename(&self, user: &str, name: &str) {
        let tx = self.producer.begin().await.expect("a transaction");
        let event = UserProfileUpdated { user_id: user.into(), name: name.into(), avatar: None };
        outbox::add(&tx, user, &event, self.shared.shared.clock.millis()).await.expect("added");
        tx.commit().await.expect("committed");
    }

    /// What a process that starts now has: an open bus with the consumer.
    fn bus(&self, trouble: Trouble) -> Arc<dyn Bus> {
        let bus = InProcess::new();
        bus.subscribe(Arc::new(Names { db: self.consumer.clone(), trouble }));
        bus.open();
        Arc::new(bus)
    }

    fn relay(&self, bus: Arc<dyn Bus>) -> Relay {
        Relay::new(self.producer.clone(), bus, self.shared.shared.clock.clone())
    }

    /// A process that starts, delivers what is due, and has no trouble.
    async fn restart_and_deliver(&self) {
        self.relay(self.bus(Trouble::None)).deliver_due().await.expect("delivered");
    }

    async fn waiting(&self) -> i64 {
        sql::number(self.producer.read(), "SELECT COUNT(*) AS n FROM outbox", []).await.expect("counted")
    }

    /// How often the name was applied to the user; 0 when it is another.
    async fn applied(&self, user: &str, name: &str) -> i64 {
        let query = "SELECT times AS n FROM names WHERE id = $1 AND name = $2";
        sql::number(self.consumer.read(), query, [user.into(), name.into()]).await.expect("counted")
    }
}

#[derive(Clone)]
enum Trouble {
    None,
    /// Hangs inside the transaction and tells that it does.
    HangsBeforeCommit(Arc<Notify>),
    /// Refuses events about this aggregate.
    Refuses(&'static str),
}

struct Names {
    db: Db,
    trouble: Trouble,
}

#[async_trait]
impl Consumer for Names {
    fn name(&self) -> &'static str {
        "names"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[UserProfileUpdated::KIND]
    }

    async fn receive(&self, message: &Message) -> Result<(), DeliveryError> {
        let failed = |error| DeliveryError::new("names", error);
        let tx = self.db.begin().await.map_err(failed)?;
        if matches!(self.trouble, Trouble::Refuses(aggregate) if aggregate == message.aggregate_id) {
            return Err(DeliveryError::new("names", "refused"));
        }
        if inbox::receive(&tx, message, 0).await.map_err(failed)? == Receipt::Fresh {
            let update: UserProfileUpdated = serde_json::from_value(message.data.clone()).expect("a payload");
            let query = "INSERT INTO names (id, name, times) VALUES ($1, $2, 1)
                ON CONFLICT (id) DO UPDATE SET name = excluded.name, times = names.times + 1";
            sql::execute(&tx, query, [update.user_id.into(), update.name.into()]).await.map_err(failed)?;
        }
        if let Trouble::HangsBeforeCommit(hanging) = &self.trouble {
            hanging.notify_one();
            std::future::pending::<()>().await;
        }
        tx.commit().await.map_err(failed)
    }
}

/// Delivers, and then never comes back to say so.
struct Forgetful {
    bus: Arc<dyn Bus>,
    delivered: Arc<Notify>,
}

#[async_trait]
impl Bus for Forgetful {
    fn subscribe(&self, consumer: Arc<dyn Consumer>) {
        self.bus.subscribe(consumer);
    }

    fn open(&self) {
        self.bus.open();
    }

    async fn opened(&self) {
        self.bus.opened().await;
    }

    async fn publish(&self, message: &Message) -> Result<(), DeliveryError> {
        self.bus.publish(message).await?;
        self.delivered.notify_one();
        std::future::pending().await
    }
}

/// Runs the relay and kills it when `at` is told.
async fn kill_relay(relay: Relay, at: Arc<Notify>) {
    let running = tokio::spawn(async move { relay.deliver_due().await });
    at.notified().await;
    running.abort();
    let _ = running.await;
}

async fn killed_after_the_commit_and_before_delivery(backend: Backend) {
    let pair = Pair::new(backend).await;
    pair.rename("u1", "First").await;
    // Here the process is gone; only the databases are left.
    assert_eq!(pair.applied("u1", "First").await, 0);
    pair.restart_and_deliver().await;
    pair.restart_and_deliver().await;
    assert_eq!((pair.applied("u1", "First").await, pair.waiting().await), (1, 0));
}

async fn killed_after_delivery_and_before_it_is_marked(backend: Backend) {
    let pair = Pair::new(backend).await;
    pair.rename("u1", "First").await;
    let delivered = Arc::new(Notify::new());
    let bus = Forgetful { bus: pair.bus(Trouble::None), delivered: delivered.clone() };
    kill_relay(pair.relay(Arc::new(bus)), delivered).await;
    assert_eq!((pair.applied("u1", "First").await, pair.waiting().await), (1, 1), "delivered, not marked");
    pair.restart_and_deliver().await;
    assert_eq!((pair.applied("u1", "First").await, pair.waiting().await), (1, 0), "once");
}

async fn killed_inside_the_consumers_transaction(backend: Backend) {
    let pair = Pair::new(backend).await;
    pair.rename("u1", "First").await;
    let hanging = Arc::new(Notify::new());
    let bus = pair.bus(Trouble::HangsBeforeCommit(hanging.clone()));
    kill_relay(pair.relay(bus), hanging).await;
    assert_eq!((pair.applied("u1", "First").await, pair.waiting().await), (0, 1));
    pair.restart_and_deliver().await;
    assert_eq!((pair.applied("u1", "First").await, pair.waiting().await), (1, 0));
}

async fn a_stale_event_changes_nothing(backend: Backend) {
    let pair = Pair::new(backend).await;
    let message = |id: &str, sequence, name: &str| Message {
        id: id.into(),
        kind: UserProfileUpdated::KIND.into(),
        aggregate_id: "u1".into(),
        sequence,
        occurred_at: "2026-01-01T00:00:00Z".into(),
        trace: None,
        schema_version: 1,
        data: serde_json::json!({ "user_id": "u1", "name": name }),
    };
    let bus = pair.bus(Trouble::None);
    bus.publish(&message("b", 2, "Second")).await.expect("taken");
    bus.publish(&message("a", 1, "First")).await.expect("taken, without effect");
    bus.publish(&message("b", 2, "Second")).await.expect("taken, without effect");
    assert_eq!(pair.applied("u1", "Second").await, 1);
}

async fn a_failing_event_holds_back_only_its_own_aggregate(backend: Backend) {
    let pair = Pair::new(backend).await;
    pair.rename("u1", "First").await;
    pair.rename("u1", "Second").await;
    pair.rename("u2", "Other").await;
    pair.relay(pair.bus(Trouble::Refuses("u1"))).deliver_due().await.expect("the outbox works");
    assert_eq!((pair.applied("u2", "Other").await, pair.waiting().await), (1, 2));
    // It is not tried again at once.
    pair.restart_and_deliver().await;
    assert_eq!(pair.waiting().await, 2);
    pair.shared.advance(time::Duration::minutes(10));
    pair.restart_and_deliver().await;
    assert_eq!((pair.applied("u1", "Second").await, pair.waiting().await), (2, 0), "both, in order");
}

async fn what_fails_for_ever_becomes_a_dead_letter(backend: Backend) {
    let pair = Pair::new(backend).await;
    pair.rename("u1", "First").await;
    let relay = pair.relay(pair.bus(Trouble::Refuses("u1")));
    let dead = "SELECT COUNT(*) AS n FROM dead_letters WHERE aggregate_id = 'u1' AND last_error LIKE '%refused%'";
    let mut attempts = 0;
    while sql::number(pair.producer.read(), dead, []).await.expect("counted") == 0 {
        attempts += 1;
        assert!(attempts < 100, "it is tried for ever");
        relay.deliver_due().await.expect("the outbox works");
        pair.shared.advance(time::Duration::minutes(10));
    }
    assert!(attempts > 5 && pair.waiting().await == 0);
    // What comes after it travels again.
    pair.rename("u1", "Second").await;
    pair.restart_and_deliver().await;
    assert_eq!(pair.applied("u1", "Second").await, 1);
}

async fn the_background_relay_delivers_what_it_is_told_of(backend: Backend) {
    let pair = Pair::new(backend).await;
    let shared = &pair.shared.shared;
    let wake = relay::spawn(pair.producer.clone(), shared);
    pair.rename("u1", "First").await;
    wake.wake();
    // The bus is closed: the consumer comes later and misses nothing.
    shared.bus.subscribe(Arc::new(Names { db: pair.consumer.clone(), trouble: Trouble::None }));
    shared.bus.open();
    eventually("the delivery", || async {
        (pair.applied("u1", "First").await == 1 && pair.waiting().await == 0).then_some(())
    })
    .await;
    shared.shutdown.cancel();
    shared.tasks.close();
    shared.tasks.wait().await;
}

/// A message that was made at this time.
fn made_at(millis: i64, user: &str) -> Message {
    let event = UserProfileUpdated { user_id: user.into(), name: "N".into(), avatar: None };
    Message {
        id: id::first_at(millis),
        kind: UserProfileUpdated::KIND.into(),
        aggregate_id: user.into(),
        sequence: millis,
        occurred_at: kit::clock::rfc3339(millis),
        trace: None,
        schema_version: 1,
        data: serde_json::to_value(event).expect("JSON"),
    }
}

async fn old_receipts_are_forgotten(backend: Backend) {
    let pair = Pair::new(backend).await;
    let day = 24 * 60 * 60 * 1000;
    let now = 100 * day;
    let receive = async |message: &Message, at: i64| {
        let tx = pair.consumer.begin().await.expect("a transaction");
        let receipt = inbox::receive(&tx, message, at).await.expect("noted");
        tx.commit().await.expect("committed");
        receipt
    };
    let remembered =
        async || sql::number(pair.consumer.read(), "SELECT COUNT(*) AS n FROM inbox", []).await.expect("n");
    // More than are forgotten in one statement.
    for number in 0..1_200 {
        let message = made_at(69 * day + number, &format!("old-{number}"));
        assert_eq!(receive(&message, 69 * day + number).await, Receipt::Fresh);
    }
    let late = made_at(60 * day, "made long ago, come lately");
    let recent = made_at(71 * day, "recent");
    assert_eq!(receive(&late, 99 * day).await, Receipt::Fresh);
    assert_eq!(receive(&recent, 71 * day).await, Receipt::Fresh);

    assert_eq!(inbox::prune(&pair.consumer, now).await.expect("pruned"), 1_200);
    assert_eq!(remembered().await, 2);
    for message in [&late, &recent] {
        assert_eq!(receive(message, now).await, Receipt::Old);
    }
    // Nobody delivers it any more; if somebody did all the same, its effect would not come twice.
    assert_eq!(receive(&made_at(69 * day + 7, "old-7"), now).await, Receipt::Old);
    assert_eq!(inbox::prune(&pair.consumer, now).await.expect("pruned"), 0);
}
