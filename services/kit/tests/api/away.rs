//! A broker that goes away and comes back, and processes that do.

use std::sync::Arc;

use kit::{
    bus::{Bus, Consumer, DeliveryError, Reach},
    events::{
        Message,
        rabbitmq::{Options, RabbitMq},
        relay,
    },
    id,
    testing::{TestShared, eventually, rabbitmq},
};

use crate::buses::{Happened, broker, count, database, logger, write};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_while_the_broker_is_away_arrives() {
    let server = tokio::task::spawn_blocking(rabbitmq::own).await.expect("a server of one's own");
    let mut process = TestShared::new();
    let bus = broker(&server.url, "away", &process);
    process.shared.bus = Arc::new(bus.clone());
    let ((_a, from), (_b, to)) = (database().await, database().await);
    logger("one", &to, &process);
    bus.open();
    let wake = relay::spawn(from.clone(), &process.shared);
    let happened = |number: i64| Happened { what: number.to_string() };
    write(&from, "a", &happened(0)).await;
    wake.wake();
    eventually("the first", || async { (count(&to, "log").await == 1).then_some(()) }).await;

    server.kill();
    eventually("that it is noticed", || async { bus.check().await.err().map(|_| ()) }).await;
    for number in 1..50 {
        write(&from, &format!("a{}", number % 5), &happened(number)).await;
        wake.wake();
    }
    let restarted = tokio::task::spawn_blocking(move || {
        server.restart();
        server
    });
    let server = restarted.await.expect("a server again");
    let back = std::time::Instant::now();
    eventually("all the others", || async { (count(&to, "log").await == 50).then_some(()) }).await;
    assert!(back.elapsed().as_secs() < 8, "within seconds of its return");
    assert_eq!(count(&from, "dead_letters").await + count(&to, "parked").await, 0, "none of it counted as a failure");
    drop(server);
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
