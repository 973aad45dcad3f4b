//! Both ways that events travel, through the same tests.

use std::{sync::Arc, time::Duration};

use contracts::{
    dead_letters::{DeadLetterReason, DeadLetters, Replay, ReplayOutcome},
    events::Event,
};
use kit::{
    Frame,
    db::{Db, Migration, sql},
    events::{
        consumer::{self, Consumer},
        inbox, outbox,
        rabbitmq::{Options, RabbitMq},
        relay,
    },
    id,
    testing::{Backend, Client, TestDb, TestShared, eventually, rabbitmq},
};
use serde::{Deserialize, Serialize};

/// On which bus a test runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    InProcess,
    RabbitMq,
}

macro_rules! on_both_buses {
    ($($test:ident),+ $(,)?) => {
        mod through_the_process {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() { super::$test(super::Way::InProcess).await; })+
        }
        mod through_rabbitmq {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() { super::$test(super::Way::RabbitMq).await; })+
        }
    };
}

on_both_buses!(
    events_arrive_in_order_once_and_at_every_consumer,
    one_that_fails_holds_back_its_aggregate_only,
    a_consumer_that_fails_keeps_nothing_from_the_others,
    what_fails_for_ever_is_seen_and_can_be_replayed_or_dropped,
    what_a_newer_build_wrote_is_parked_and_replayed,
    nothing_travels_before_all_are_there,
);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Happened {
    pub(crate) what: String,
}

impl Event for Happened {
    const KIND: &'static str = "test.happened";
    const SCHEMA_VERSION: u32 = 1;
}

/// The same event as a later build knows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct HappenedTwo {
    happening: String,
}

impl Event for HappenedTwo {
    const KIND: &'static str = "test.happened";
    const SCHEMA_VERSION: u32 = 2;
}

pub(crate) const SCHEMA: &[Migration] = &[
    Migration { number: 1, name: "outbox", sql: outbox::SQL },
    Migration { number: 2, name: "inbox", sql: inbox::SQL },
    Migration { number: 3, name: "parked", sql: consumer::SQL },
    Migration {
        number: 4,
        name: "log",
        sql: "CREATE TABLE log (aggregate TEXT NOT NULL, what TEXT NOT NULL, sequence BIGINT NOT NULL);
            CREATE TABLE trouble (aggregate TEXT PRIMARY KEY);",
    },
];

/// What a process with this bus has.
fn process(way: Way, prefix: &str) -> TestShared {
    let mut process = TestShared::new();
    if way == Way::RabbitMq {
        process.shared.bus = Arc::new(broker(rabbitmq::url(), prefix, &process));
    }
    process
}

pub(crate) fn broker(url: &str, prefix: &str, process: &TestShared) -> RabbitMq {
    let first_pause = Duration::from_millis(5);
    let options = Options { attempts: 3, first_pause, prefix: prefix.to_owned(), others: Vec::new() };
    let shared = &process.shared;
    RabbitMq::start(url, options, shared.shutdown.clone(), &shared.tasks).expect("a URL")
}

pub(crate) async fn database() -> (TestDb, Db) {
    let test = TestDb::new(Backend::Sqlite).await;
    let db = test.connect().await;
    db.migrate(SCHEMA).await.expect("a schema");
    (test, db)
}

pub(crate) async fn write(db: &Db, aggregate: &str, event: &impl Event) {
    let tx = db.begin().await.expect("a transaction");
    outbox::add(&tx, aggregate, event, 1).await.expect("added");
    tx.commit().await.expect("committed");
}

/// A consumer that writes down what happened, unless there is trouble.
pub(crate) fn logger(name: &'static str, db: &Db, process: &TestShared) -> Arc<Consumer> {
    Consumer::new(name, db.clone(), process.shared.clock.clone())
        .on::<Happened>(|tx, message, event| {
            Box::pin(async move {
                let trouble = "SELECT COUNT(*) AS n FROM trouble WHERE aggregate = $1";
                if sql::number(tx, trouble, [message.aggregate_id.as_str().into()]).await? > 0 {
                    return Err("trouble".into());
                }
                let insert = "INSERT INTO log (aggregate, what, sequence) VALUES ($1, $2, $3)";
                let values = [message.aggregate_id.as_str().into(), event.what.into(), message.sequence.into()];
                sql::execute(tx, insert, values).await?;
                Ok(())
            })
        })
        .subscribe(&process.shared)
}

pub(crate) async fn count(db: &Db, table: &str) -> i64 {
    sql::number(db.read(), &format!("SELECT COUNT(*) AS n FROM {table}"), []).await.expect("counted")
}

async fn trouble(db: &Db, aggregate: &str) {
    sql::execute(db.write(), "INSERT INTO trouble VALUES ($1)", [aggregate.into()]).await.expect("inserted");
}

async fn no_trouble(db: &Db) {
    sql::execute(db.write(), "DELETE FROM trouble", []).await.expect("deleted");
}

fn what(number: i64) -> Happened {
    Happened { what: number.to_string() }
}

async fn events_arrive_in_order_once_and_at_every_consumer(way: Way) {
    let process = process(way, &id::new());
    let ((_a, from), (_b, one), (_c, other)) = (database().await, database().await, database().await);
    logger("one", &one, &process);
    logger("other", &other, &process);
    process.shared.bus.open();
    let wake = relay::spawn(from.clone(), &process.shared);
    for number in 0..200 {
        write(&from, &format!("a{}", number % 7), &what(number)).await;
        wake.wake();
    }
    for db in [&one, &other] {
        eventually("all events", || async { (count(db, "log").await >= 200).then_some(()) }).await;
        let order = "SELECT COUNT(*) AS n FROM log AS a JOIN log AS b
            ON a.aggregate = b.aggregate AND a.rowid < b.rowid AND a.sequence >= b.sequence";
        assert_eq!(sql::number(db.read(), order, []).await.expect("counted"), 0, "out of order");
        assert_eq!(count(db, "log").await, 200, "once");
    }
    eventually("an empty outbox", || async { (count(&from, "outbox").await == 0).then_some(()) }).await;
}

async fn one_that_fails_holds_back_its_aggregate_only(way: Way) {
    let process = process(way, &id::new());
    let ((_a, from), (_b, to)) = (database().await, database().await);
    logger("one", &to, &process);
    process.shared.bus.open();
    trouble(&to, "bad").await;
    let wake = relay::spawn(from.clone(), &process.shared);
    write(&from, "bad", &what(1)).await;
    write(&from, "bad", &what(2)).await;
    write(&from, "good", &what(3)).await;
    wake.wake();
    eventually("the good one", || async { (count(&to, "log").await == 1).then_some(()) }).await;
    no_trouble(&to).await;
    eventually("the others", || async {
        process.advance(time::Duration::minutes(10));
        wake.wake();
        (count(&to, "log").await + count(&to, "parked").await == 3).then_some(())
    })
    .await;
}

async fn a_consumer_that_fails_keeps_nothing_from_the_others(way: Way) {
    let process = process(way, &id::new());
    let ((_a, from), (_b, fails), (_c, works)) = (database().await, database().await, database().await);
    logger("one", &fails, &process);
    logger("other", &works, &process);
    process.shared.bus.open();
    trouble(&fails, "bad").await;
    write(&from, "bad", &what(1)).await;
    relay::spawn(from.clone(), &process.shared).wake();
    eventually("it at the other", || async { (count(&works, "log").await == 1).then_some(()) }).await;
    assert_eq!(count(&fails, "log").await, 0);
}

/// A service with both sides, called by another service.
fn service(db: &Db, consumer: &Arc<Consumer>, wake: relay::Wake, process: &TestShared) -> Client {
    let frame = Frame::new("one", db.clone(), &process.shared).producer(wake).consumer(consumer.clone());
    let empty = utoipa::openapi::OpenApi::default();
    Client::new(frame.finish(axum::Router::new(), empty).router).service()
}

async fn what_fails_for_ever_is_seen_and_can_be_replayed_or_dropped(way: Way) {
    let process = process(way, &id::new());
    let (_a, db) = database().await;
    let consumer = logger("one", &db, &process);
    process.shared.bus.open();
    trouble(&db, "bad").await;
    trouble(&db, "worse").await;
    write(&db, "bad", &what(1)).await;
    write(&db, "worse", &what(2)).await;
    let wake = relay::spawn(db.clone(), &process.shared);
    let client = service(&db, &consumer, wake.clone(), &process);
    let letters = eventually("two dead letters", || async {
        process.advance(time::Duration::minutes(10));
        wake.wake();
        let letters: DeadLetters = client.get("/internal/dead-letters").await.json(200);
        (letters.total == 2).then_some(letters)
    })
    .await;
    let reason = if way == Way::InProcess { DeadLetterReason::Undelivered } else { DeadLetterReason::Failed };
    for letter in &letters.items {
        assert_eq!((letter.reason, letter.kind.as_str()), (reason, Happened::KIND));
        assert!(letter.error.as_deref().is_some_and(|error| error.contains("trouble")) && letter.attempts >= 3);
    }
    no_trouble(&db).await;
    let id = |aggregate: &str| {
        letters.items.iter().find(|letter| letter.aggregate_id == aggregate).expect("a letter").id.clone()
    };
    let replay = format!("/internal/dead-letters/{}/replay", id("bad"));
    let outcome = client.post(&replay, &()).await.json::<Replay>(200).outcome;
    assert!(matches!(outcome, ReplayOutcome::Sent | ReplayOutcome::Applied));
    eventually("the replayed one", || async { (count(&db, "log").await == 1).then_some(()) }).await;
    let dropped = format!("/internal/dead-letters/{}", id("worse"));
    assert_eq!(client.delete(&dropped).await.status, 204);
    assert_eq!(client.delete(&dropped).await.problem(404).code, "not_found");
    let left: DeadLetters = client.get("/internal/dead-letters").await.json(200);
    assert_eq!((left.total, count(&db, "log").await), (0, 1));
}

async fn what_a_newer_build_wrote_is_parked_and_replayed(way: Way) {
    let prefix = id::new();
    let first = process(way, &prefix);
    let (_a, db) = database().await;
    let consumer = logger("one", &db, &first);
    first.shared.bus.open();
    let wake = relay::spawn(db.clone(), &first.shared);
    write(&db, "a", &HappenedTwo { happening: "new".into() }).await;
    // It could be read, and would overtake.
    write(&db, "a", &Happened { what: "old".into() }).await;
    write(&db, "b", &Happened { what: "other".into() }).await;
    wake.wake();
    eventually("two parked", || async { (count(&db, "parked").await == 2).then_some(()) }).await;
    eventually("the other", || async { (count(&db, "log").await == 1).then_some(()) }).await;
    let client = service(&db, &consumer, wake, &first);
    let letters: DeadLetters = client.get("/internal/dead-letters").await.json(200);
    let reasons: Vec<_> = letters.items.iter().map(|letter| (letter.sequence, letter.reason)).collect();
    assert_eq!(reasons, [(1, DeadLetterReason::Newer), (2, DeadLetterReason::Behind)]);
    let replay = format!("/internal/dead-letters/{}/replay", letters.items[0].id);
    assert_eq!(client.post(&replay, &()).await.json::<Replay>(200).outcome, ReplayOutcome::Unreadable);
    // The newer build starts.
    let second = process(way, &prefix);
    Consumer::new("one", db.clone(), second.shared.clock.clone())
        .on::<HappenedTwo>(|tx, message, _| {
            Box::pin(async move {
                let insert = "INSERT INTO log (aggregate, what, sequence) VALUES ($1, 'read', $2)";
                sql::execute(tx, insert, [message.aggregate_id.as_str().into(), message.sequence.into()]).await?;
                Ok(())
            })
        })
        .subscribe(&second.shared);
    eventually("the replay of what it can read", || async { (count(&db, "parked").await <= 1).then_some(()) }).await;
    let read = "SELECT COUNT(*) AS n FROM log WHERE what = 'read' AND sequence = 1";
    assert_eq!(sql::number(db.read(), read, []).await.expect("counted"), 1);
}

async fn nothing_travels_before_all_are_there(way: Way) {
    let process = process(way, &id::new());
    let ((_a, from), (_b, to)) = (database().await, database().await);
    let wake = relay::spawn(from.clone(), &process.shared);
    write(&from, "a", &what(1)).await;
    wake.wake();
    logger("late", &to, &process);
    assert_eq!(count(&from, "outbox").await, 1);
    process.shared.bus.open();
    eventually("the event", || async { (count(&to, "log").await == 1).then_some(()) }).await;
}
