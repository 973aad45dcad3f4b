//! A process to be killed: writes and publishes, or consumes, or all of it.

use std::{env, io::Write, sync::Arc, time::Duration};

use contracts::events::Event;
use kit::{
    Secret, Shared,
    db::{Db, sql},
    events::{
        consumer::Consumer,
        outbox,
        rabbitmq::{Options, RabbitMq},
        relay,
    },
    id,
};
use sea_orm::{DbErr, FromQueryResult};

use crate::{
    chaos::{Chaos, maybe_die},
    schema::Added,
};

/// Aggregates that writes go to.
const AGGREGATES: u32 = 200;

fn setting(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

pub(crate) fn run() {
    // Whoever started us holds the other end; without a judge there is nothing to live for.
    std::thread::spawn(|| {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(live());
}

async fn live() {
    let once_in = setting("MARU_KILL_ONCE_IN").and_then(|number| number.parse().ok()).unwrap_or(5_000);
    let mut shared = Shared::in_process("https://maru.test", Secret::new("x"));
    if let Some(url) = setting("MARU_KILL_RABBITMQ") {
        let options = Options {
            prefix: "kill".into(),
            others: vec![("taker".into(), vec![Added::KIND.into()])],
            ..Options::default()
        };
        let bus = RabbitMq::start(&url, options, shared.shutdown.clone(), &shared.tasks).expect("a URL");
        shared.bus = Arc::new(bus);
    }
    shared.bus = Arc::new(Chaos::new(shared.bus.clone(), once_in));
    if let Some(url) = setting("MARU_KILL_CONSUMER_DB") {
        consume(connect(&url).await, &shared, once_in);
    }
    shared.bus.open();
    if let Some(url) = setting("MARU_KILL_PRODUCER_DB") {
        let db = connect(&url).await;
        let wake = relay::spawn(db.clone(), &shared);
        let events = setting("MARU_KILL_EVENTS").and_then(|number| number.parse().ok()).expect("a number of events");
        for _ in 0..2 {
            let (db, wake, clock) = (db.clone(), wake.clone(), shared.clock.clone());
            tokio::spawn(async move { produce(db, wake, clock, events, once_in).await });
        }
    }
    std::future::pending().await
}

/// The database may be away at the moment.
async fn connect(url: &str) -> Db {
    loop {
        if let Ok(db) = Db::connect(url).await {
            return db;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn consume(db: Db, shared: &Shared, once_in: u32) {
    Consumer::new("taker", db, shared.clock.clone())
        .on::<Added>(move |tx, message, event| {
            Box::pin(async move {
                let effect = "INSERT INTO effects (write_id, aggregate, total) VALUES ($1, $2, $3)";
                let aggregate = message.aggregate_id.as_str();
                sql::execute(tx, effect, [event.write.into(), aggregate.into(), event.total.into()]).await?;
                maybe_die("between effect and commit", once_in);
                let total = "INSERT INTO totals (aggregate, total, disorder) VALUES ($1, $2, 0)
                    ON CONFLICT (aggregate) DO UPDATE SET total = excluded.total, disorder = totals.disorder
                        + CASE WHEN totals.total + 1 = excluded.total THEN 0 ELSE 1 END";
                sql::execute(tx, total, [aggregate.into(), event.total.into()]).await?;
                Ok(())
            })
        })
        .subscribe(shared);
}

#[derive(FromQueryResult)]
struct Total {
    total: i64,
}

/// Writes until there are enough writes, and tells the judge of each that was committed.
async fn produce(db: Db, wake: relay::Wake, clock: kit::Clock, events: i64, once_in: u32) {
    loop {
        match sql::number(db.read(), "SELECT COUNT(*) AS n FROM writes", []).await {
            Ok(written) if written >= events => return,
            Ok(_) => {}
            Err(_) => {
                println!("refused");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        }
        for _ in 0..20 {
            let writes: Vec<(String, String)> = (0..rand::random_range(1..=10))
                .map(|_| (id::new(), format!("a{:03}", rand::random_range(0..AGGREGATES))))
                .collect();
            if write(&db, &writes, clock.millis()).await.is_err() {
                println!("refused");
                tokio::time::sleep(Duration::from_millis(100)).await;
                break;
            }
            let mut lines = String::new();
            writes.iter().for_each(|(id, _)| lines.push_str(&format!("ack {id}\n")));
            // In one piece, and out before anything else happens.
            let mut out = std::io::stdout().lock();
            out.write_all(lines.as_bytes()).and_then(|()| out.flush()).expect("the judge listens");
            drop(out);
            maybe_die("between commit and publishing", once_in);
            wake.wake();
        }
    }
}

async fn write(db: &Db, writes: &[(String, String)], now: i64) -> Result<(), DbErr> {
    let mut writes = writes.to_vec();
    // Everybody takes rows in the same order, so that nobody waits in a circle.
    writes.sort_by(|one, other| one.1.cmp(&other.1));
    let tx = db.begin().await?;
    for (id, aggregate) in &writes {
        sql::execute(
            &tx,
            "INSERT INTO writes (id, aggregate) VALUES ($1, $2)",
            [id.as_str().into(), aggregate.as_str().into()],
        )
        .await?;
        let add = "INSERT INTO totals (aggregate, total) VALUES ($1, 1)
            ON CONFLICT (aggregate) DO UPDATE SET total = totals.total + 1 RETURNING total";
        let total = sql::one::<Total, _>(&tx, add, [aggregate.as_str().into()]).await?;
        let total = total.map(|row| row.total).unwrap_or_default();
        outbox::add(&tx, aggregate, &Added { write: id.clone(), total }, now).await?;
    }
    tx.commit().await
}
