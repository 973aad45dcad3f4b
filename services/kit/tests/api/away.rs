//! A broker that goes away and comes back, and processes that do.

use std::sync::Arc;

use http::StatusCode;
use kit::{
    ApiError, Frame,
    bus::{Bus, Consumer, DeliveryError, Reach},
    db::Db,
    events::{
        Message, outbox,
        rabbitmq::{Options, RabbitMq},
        relay,
    },
    id,
    testing::{Backend, Client, Proxy, TestDb, TestShared, eventually, rabbitmq},
};

use crate::buses::{Happened, SCHEMA, broker, count, database, logger, write};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_while_the_broker_is_away_arrives() {
    let (wire, url) = Proxy::before(rabbitmq::url()).await;
    let mut process = TestShared::new();
    let bus = broker(&url, &id::new(), &process);
    process.shared.bus = Arc::new(bus.clone());
    let ((_a, from), (_b, to)) = (database().await, database().await);
    logger("one", &to, &process);
    bus.open();
    let wake = relay::spawn(from.clone(), &process.shared);
    let happened = |number: i64| Happened { what: number.to_string() };
    write(&from, "a", &happened(0)).await;
    wake.wake();
    eventually("the first", || async { (count(&to, "log").await == 1).then_some(()) }).await;

    wire.cut();
    eventually("that it is noticed", || async { bus.check().await.err().map(|_| ()) }).await;
    for number in 1..50 {
        write(&from, &format!("a{}", number % 5), &happened(number)).await;
        wake.wake();
    }
    assert_eq!(count(&to, "log").await, 1);
    wire.mend().await;
    let back = std::time::Instant::now();
    eventually("all the others", || async { (count(&to, "log").await == 50).then_some(()) }).await;
    assert!(back.elapsed().as_secs() < 8, "within seconds of its return");
    assert_eq!(count(&from, "dead_letters").await + count(&to, "parked").await, 0, "none of it counted as a failure");
}

/// Writes that were acknowledged are there afterwards; those that cannot be say so, with the time to
/// come back; nothing needs a restart.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_away_is_a_503_and_comes_back_by_itself() {
    let test = TestDb::new(Backend::Postgres).await;
    let (wire, url) = Proxy::before(&test.url).await;
    let process = TestShared::new();
    let db = Db::connect(&url).await.expect("a database");
    db.migrate(SCHEMA).await.expect("a schema");
    let (_b, to) = database().await;
    logger("one", &to, &process);
    process.shared.bus.open();
    let wake = relay::spawn(db.clone(), &process.shared);
    let written = db.clone();
    let add = move || {
        let db = written.clone();
        async move {
            let tx = db.begin().await?;
            outbox::add(&tx, "a", &Happened { what: "x".into() }, 1).await?;
            tx.commit().await?;
            Ok::<_, ApiError>(StatusCode::CREATED)
        }
    };
    let routes = axum::Router::new().route("/things", axum::routing::post(add));
    let frame = Frame::new("test", db.clone(), &process.shared).producer(wake.clone());
    let client = Client::new(frame.finish(routes, utoipa::openapi::OpenApi::default()).router);
    assert_eq!(client.post("/things", &()).await.status, 201);
    wire.cut();
    let answer = client.post("/things", &()).await;
    assert_eq!(answer.problem(503).code, "unavailable");
    assert!(answer.headers.contains_key("retry-after"));
    client.get("/ready").await.problem(503);
    wire.mend().await;
    eventually("its return", || async { (client.post("/things", &()).await.status == 201).then_some(()) }).await;
    wake.wake();
    eventually("both events", || async { (count(&to, "log").await >= 2).then_some(()) }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_before_a_service_first_starts_is_not_lost_on_it() {
    let prefix = id::new();
    let mut first = TestShared::new();
    let others = vec![("later".to_owned(), vec!["test.*".to_owned()])];
    let options = Options { prefix: prefix.clone(), others, ..Options::default() };
    let bus = RabbitMq::start(rabbitmq::url(), options, first.shared.shutdown.clone(), &first.shared.tasks);
    first.shared.bus = Arc::new(bus.expect("a URL"));
    first.shared.bus.open();
    let ((_a, from), (_b, to)) = (database().await, database().await);
    let _wake = relay::spawn(from.clone(), &first.shared);
    write(&from, "a", &Happened { what: "early".into() }).await;
    eventually("that it is gone", || async { (count(&from, "outbox").await == 0).then_some(()) }).await;

    let mut second = TestShared::new();
    second.shared.bus = Arc::new(broker(rabbitmq::url(), &prefix, &second));
    logger("later", &to, &second);
    second.shared.bus.open();
    eventually("its arrival", || async { (count(&to, "log").await == 1).then_some(()) }).await;
}

/// Counts what it sees; keeps nothing.
struct Replica(Arc<std::sync::atomic::AtomicUsize>);

#[async_trait::async_trait]
impl Consumer for Replica {
    fn name(&self) -> &'static str {
        "replica"
    }

    fn kinds(&self) -> &[&'static str] {
        &["test.happened"]
    }

    fn reach(&self) -> Reach {
        Reach::Each
    }

    async fn receive(&self, _: &Message) -> Result<(), DeliveryError> {
        self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_every_replica_must_know_reaches_each() {
    let prefix = id::new();
    let seen: Vec<Arc<std::sync::atomic::AtomicUsize>> = (0..3).map(|_| Arc::default()).collect();
    let processes: Vec<(TestShared, RabbitMq)> = seen
        .iter()
        .map(|seen| {
            let process = TestShared::new();
            let bus = broker(rabbitmq::url(), &prefix, &process);
            bus.subscribe(Arc::new(Replica(seen.clone())));
            bus.open();
            (process, bus)
        })
        .collect();
    let message = |number: i64| Message {
        id: id::new(),
        kind: "test.happened".into(),
        aggregate_id: "a".into(),
        sequence: number,
        occurred_at: String::new(),
        trace: None,
        schema_version: 1,
        data: serde_json::json!({ "what": "x" }),
    };
    let mut number = 0;
    // Each queue is there some time after its process connected.
    eventually("all three", || {
        number += 1;
        let message = message(number);
        let (bus, seen) = (processes[0].1.clone(), seen.clone());
        async move {
            let _ = bus.publish(&message).await;
            seen.iter().all(|seen| seen.load(std::sync::atomic::Ordering::SeqCst) > 0).then_some(())
        }
    })
    .await;
}
