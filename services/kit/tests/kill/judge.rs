//! Starts the processes, kills them, takes the broker and the database away, and counts.

use std::{
    collections::{BTreeMap, HashSet},
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use kit::{
    db::{Db, sql},
    id,
    testing::{Server, TestDb, postgres, rabbitmq},
};
use serde::Serialize;

use crate::schema;

/// Which parts are at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum Setting {
    /// SQLite, the bus in the process: one process.
    Embedded,
    /// PostgreSQL and RabbitMQ: two processes that write and two that take.
    Production,
}

impl Setting {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Embedded => "kill::sqlite_and_in_process",
            Self::Production => "kill::postgres_and_rabbitmq",
        }
    }
}

/// What came of it.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Outcome {
    setting: String,
    events: i64,
    seconds: u64,
    kills: u64,
    /// Those processes that ended themselves at a certain place.
    deaths: BTreeMap<String, u64>,
    delivered_twice: u64,
    delivered_late: u64,
    writes_refused: u64,
    acknowledged: u64,
    /// Acknowledged while the broker was away.
    acknowledged_without_broker: u64,
    /// How long after the return of broker and database all was right again, in milliseconds.
    recovered_after_ms: BTreeMap<String, u128>,
    /// Writes that were acknowledged and are not there.
    writes_lost: i64,
    events_lost: i64,
    effects_doubled: i64,
    out_of_order: i64,
    drift: i64,
    dead_letters: i64,
    parked: i64,
    finished: bool,
}

impl Outcome {
    pub(crate) fn is_good(&self) -> bool {
        let wrong = self.writes_lost
            + self.events_lost
            + self.effects_doubled
            + self.out_of_order
            + self.drift
            + self.dead_letters
            + self.parked;
        self.finished && wrong == 0
    }
}

/// What the children say.
#[derive(Default)]
struct Said {
    acknowledged: HashSet<String>,
    deaths: BTreeMap<String, u64>,
    twice: u64,
    late: u64,
    refused: u64,
}

/// A place for a process, which is filled again whenever its process is gone.
struct Seat {
    environment: Vec<(&'static str, String)>,
    child: Option<Child>,
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

pub(crate) fn run(setting: Setting) -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(judge(setting))
}

/// Servers and databases of one run.
struct Stage {
    producer: Db,
    consumer: Db,
    broker: Option<Server>,
    database: Option<Server>,
    seats: Vec<Seat>,
    _databases: Vec<TestDb>,
}

async fn judge(setting: Setting) -> Outcome {
    let events = number("MARU_KILL_EVENTS", 2_000);
    let away = Duration::from_secs(number("MARU_KILL_AWAY", 0));
    let mut stage = stage(setting, events).await;
    let said = Arc::new(Mutex::new(Said::default()));
    let begun = Instant::now();
    let limit = Duration::from_secs(60 + events / 20) + away * 4;
    let mut outcome = Outcome { setting: setting.name().to_owned(), ..Outcome::default() };
    let mut outages = if away.is_zero() { vec![] } else { vec!["database", "broker"] };
    let wanted = i64::try_from(events).expect("a number of events");
    while begun.elapsed() < limit {
        for seat in &mut stage.seats {
            fill(seat, &said);
        }
        let written = count(&stage.producer, "SELECT COUNT(*) AS n FROM writes").await;
        if written >= wanted && count(&stage.producer, "SELECT COUNT(*) AS n FROM outbox").await == 0 && {
            count(&stage.consumer, "SELECT COUNT(DISTINCT write_id) AS n FROM effects").await >= written
        } {
            outcome.finished = true;
            break;
        }
        // At a third, then at two thirds of the way.
        let due = wanted * i64::try_from(3 - outages.len()).unwrap_or(1) / 3;
        if setting == Setting::Production && !outages.is_empty() && written >= due {
            let what = outages.pop().expect("not empty");
            take_away(what, away, &mut stage, &said, &mut outcome).await;
            continue;
        }
        tokio::time::sleep(Duration::from_millis(rand::random_range(20..800))).await;
        let seats = stage.seats.len();
        let chosen = &mut stage.seats[rand::random_range(0..seats)];
        if let Some(child) = &mut chosen.child
            && written < wanted
        {
            outcome.kills += u64::from(child.kill().is_ok());
        }
    }
    outcome.seconds = begun.elapsed().as_secs();
    for seat in &mut stage.seats {
        if let Some(mut child) = seat.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
    count_all(&mut outcome, &stage, &said).await;
    outcome
}

async fn stage(setting: Setting, events: u64) -> Stage {
    let (from, to, broker, database) = match setting {
        Setting::Embedded => {
            let backend = kit::testing::Backend::Sqlite;
            (TestDb::new(backend).await, TestDb::new(backend).await, None, None)
        }
        Setting::Production => {
            let servers = tokio::task::spawn_blocking(|| (rabbitmq::own(), postgres::own()));
            let (broker, database) = servers.await.expect("servers");
            (TestDb::on(&database).await, TestDb::on(&database).await, Some(broker), Some(database))
        }
    };
    let (producer, consumer) = (from.connect().await, to.connect().await);
    producer.migrate(schema::PRODUCER).await.expect("a schema");
    consumer.migrate(schema::CONSUMER).await.expect("a schema");
    let mut common = vec![
        ("MARU_KILL_ROLE", "node".to_owned()),
        ("MARU_KILL_EVENTS", events.to_string()),
        ("MARU_KILL_ONCE_IN", (events / 2).clamp(1_000, 10_000).to_string()),
    ];
    common.extend(broker.as_ref().map(|broker| ("MARU_KILL_RABBITMQ", broker.url.clone())));
    let writes = ("MARU_KILL_PRODUCER_DB", from.url.clone());
    let takes = ("MARU_KILL_CONSUMER_DB", to.url.clone());
    let with = |more: &[&(&'static str, String)]| Seat {
        environment: common.iter().chain(more.iter().copied()).cloned().collect(),
        child: None,
    };
    let seats = match setting {
        Setting::Embedded => vec![with(&[&writes, &takes])],
        Setting::Production => vec![with(&[&writes]), with(&[&writes]), with(&[&takes]), with(&[&takes])],
    };
    Stage { producer, consumer, broker, database, seats, _databases: vec![from, to] }
}

/// Starts a process where none is, and listens to it until its end.
fn fill(seat: &mut Seat, said: &Arc<Mutex<Said>>) {
    if seat.child.as_mut().is_some_and(|child| matches!(child.try_wait(), Ok(None))) {
        return;
    }
    let mut command = Command::new(std::env::current_exe().expect("a program has a path"));
    command
        .envs(seat.environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn().expect("a process");
    let lines = BufReader::new(child.stdout.take().expect("piped above"));
    let said = said.clone();
    std::thread::spawn(move || {
        for line in lines.lines().map_while(Result::ok) {
            let mut said = said.lock().expect("nobody panicked here");
            match line.split_once(' ') {
                Some(("ack", id)) if id::parse(id).is_some() => {
                    said.acknowledged.insert(id.to_owned());
                }
                Some(("dying", place)) => *said.deaths.entry(place.to_owned()).or_default() += 1,
                _ if line == "twice" => said.twice += 1,
                _ if line == "late" => said.late += 1,
                _ if line == "refused" => said.refused += 1,
                _ => {}
            }
        }
    });
    seat.child = Some(child);
}

fn acknowledged(said: &Mutex<Said>) -> usize {
    said.lock().expect("nobody panicked here").acknowledged.len()
}

/// Kills the broker or the database, lets the processes write on, starts it again, and waits until new
/// writes have their effect.
async fn take_away(
    what: &'static str,
    away: Duration,
    stage: &mut Stage,
    said: &Arc<Mutex<Said>>,
    outcome: &mut Outcome,
) {
    let server = if what == "broker" { stage.broker.take() } else { stage.database.take() };
    let Some(server) = server else { return };
    let before = acknowledged(said);
    server.kill();
    let end = Instant::now() + away;
    // The processes live on, and those that die of it are started again.
    let stop = AtomicBool::new(false);
    while !stop.load(Ordering::Relaxed) {
        stage.seats.iter_mut().for_each(|seat| fill(seat, said));
        tokio::time::sleep(Duration::from_millis(100)).await;
        stop.store(Instant::now() >= end, Ordering::Relaxed);
    }
    if what == "broker" {
        outcome.acknowledged_without_broker = (acknowledged(said) - before).try_into().unwrap_or_default();
    }
    let server = tokio::task::spawn_blocking(move || {
        server.restart();
        server
    })
    .await
    .expect("the server starts again");
    let back = Instant::now();
    let effects = "SELECT COUNT(*) AS n FROM effects";
    let then = loop {
        if let Ok(number) = sql::number(stage.consumer.read(), effects, []).await {
            break number;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    while back.elapsed() < Duration::from_secs(120) && count(&stage.consumer, effects).await <= then {
        stage.seats.iter_mut().for_each(|seat| fill(seat, said));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    outcome.recovered_after_ms.insert(what.to_owned(), back.elapsed().as_millis());
    if what == "broker" {
        stage.broker = Some(server);
    } else {
        stage.database = Some(server);
    }
}

/// A number, however long the database takes to be there again.
async fn count(db: &Db, query: &str) -> i64 {
    loop {
        match sql::number(db.read(), query, []).await {
            Ok(number) => return number,
            Err(error) if kit::db::is_away(&error) => tokio::time::sleep(Duration::from_millis(100)).await,
            Err(error) => panic!("{query}: {error}"),
        }
    }
}

#[derive(sea_orm::FromQueryResult)]
struct Id {
    id: String,
}

#[derive(sea_orm::FromQueryResult)]
struct Total {
    aggregate: String,
    total: i64,
}

async fn totals(db: &Db) -> BTreeMap<String, i64> {
    let rows = sql::all::<Total, _>(db.read(), "SELECT aggregate, total FROM totals", []).await.expect("totals");
    rows.into_iter().map(|row| (row.aggregate, row.total)).collect()
}

async fn count_all(outcome: &mut Outcome, stage: &Stage, said: &Mutex<Said>) {
    let ids = async |db: &Db, query: &str| -> HashSet<String> {
        sql::all::<Id, _>(db.read(), query, []).await.expect("ids").into_iter().map(|row| row.id).collect()
    };
    let size = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let written = ids(&stage.producer, "SELECT id FROM writes").await;
    let effective = ids(&stage.consumer, "SELECT DISTINCT write_id AS id FROM effects").await;
    {
        let said = said.lock().expect("nobody panicked here");
        outcome.events = size(written.len());
        outcome.acknowledged = u64::try_from(said.acknowledged.len()).unwrap_or_default();
        outcome.writes_lost = size(said.acknowledged.difference(&written).count());
        outcome.deaths = said.deaths.clone();
        (outcome.delivered_twice, outcome.delivered_late, outcome.writes_refused) =
            (said.twice, said.late, said.refused);
    }
    outcome.events_lost = size(written.difference(&effective).count());
    let effects = count(&stage.consumer, "SELECT COUNT(*) AS n FROM effects").await;
    outcome.effects_doubled = effects - size(effective.len());
    outcome.out_of_order =
        count(&stage.consumer, "SELECT CAST(COALESCE(SUM(disorder), 0) AS BIGINT) AS n FROM totals").await;
    outcome.dead_letters = count(&stage.producer, "SELECT COUNT(*) AS n FROM dead_letters").await;
    outcome.parked = count(&stage.consumer, "SELECT COUNT(*) AS n FROM parked").await;
    let (owner, copy) = (totals(&stage.producer).await, totals(&stage.consumer).await);
    outcome.drift = size(owner.iter().filter(|(aggregate, total)| copy.get(*aggregate) != Some(*total)).count());
}
