//! A snapshot of one moment, and a restore that can be repeated and undone.

use bytes::Bytes;
use http::Method;
use kit::{
    Frame,
    backup::{self, Backup, Table},
    db::{Db, Migration, sql},
    events::{inbox, outbox, relay},
    testing::{Answer, Backend, Client, TestDb, TestShared},
};
use utoipa::openapi::OpenApi;

use crate::buses::{Happened, write};

kit::on_both_databases!(
    everything_comes_back_as_it_was,
    a_restore_is_undone_and_each_step_can_be_repeated,
    what_does_not_fit_changes_nothing,
    a_snapshot_is_of_one_moment,
);

const SCHEMA: &[Migration] = &[
    Migration { number: 1, name: "backup", sql: backup::SQL },
    Migration { number: 2, name: "outbox", sql: outbox::SQL },
    Migration { number: 3, name: "inbox", sql: inbox::SQL },
];

const TABLES: &[Table] = &[Table { name: "folders", key: &["id"] }, Table { name: "notes", key: &["folder", "place"] }];

struct Service {
    client: Client,
    db: Db,
    _shared: TestShared,
    _test: TestDb,
}

async fn service(backend: Backend) -> Service {
    let test = TestDb::new(backend).await;
    let db = test.connect().await;
    db.migrate(SCHEMA).await.expect("a schema");
    let blob = if backend == Backend::Postgres { "BYTEA" } else { "BLOB" };
    let tables = format!(
        "CREATE TABLE folders (id TEXT PRIMARY KEY, parent TEXT REFERENCES folders (id), open BOOLEAN NOT NULL);
        CREATE TABLE notes (folder TEXT NOT NULL REFERENCES folders (id), place INTEGER NOT NULL, text TEXT,
            at BIGINT NOT NULL DEFAULT 7, picture {blob}, PRIMARY KEY (folder, place));"
    );
    sea_orm::ConnectionTrait::execute_unprepared(db.write(), &tables).await.expect("tables");
    let shared = TestShared::new();
    let wake = relay::Wake::default();
    let frame = Frame::new("test", db.clone(), &shared.shared).producer(wake).backup(TABLES);
    let client = Client::new(frame.finish(axum::Router::new(), OpenApi::default()).router).service();
    Service { client, db, _shared: shared, _test: test }
}

impl Service {
    async fn fill(&self) {
        let run = async |text: &str, values: Vec<sea_orm::Value>| {
            sql::execute(self.db.write(), text, values).await.expect("inserted");
        };
        run("INSERT INTO folders VALUES ('a', NULL, $1)", vec![true.into()]).await;
        run("INSERT INTO folders VALUES ('b', 'a', $1)", vec![false.into()]).await;
        for place in 0..1200_i64 {
            let picture = if place % 2 == 0 { Some(vec![0_u8, 255, 10]) } else { None };
            let values = vec![place.into(), "마루 \"quoted\"\n".into(), (1_i64 << 40).into(), picture.into()];
            run("INSERT INTO notes (folder, place, text, at, picture) VALUES ('b', $1, $2, $3, $4)", values).await;
        }
    }

    async fn snapshot(&self) -> Bytes {
        let answer = self.client.get("/internal/backup").await;
        assert_eq!(answer.status, 200);
        answer.body
    }

    async fn prepare(&self, token: &str, snapshot: Bytes) -> Answer {
        let path = format!("/internal/restore/prepare?token={token}");
        self.client.send(Method::POST, &path, None, snapshot).await
    }

    async fn step(&self, step: &str, token: &str) -> Answer {
        self.client.post(&format!("/internal/restore/{step}?token={token}"), &()).await
    }

    async fn count(&self, table: &str) -> i64 {
        sql::number(self.db.read(), &format!("SELECT COUNT(*) AS n FROM {table}"), []).await.expect("counted")
    }
}

async fn everything_comes_back_as_it_was(backend: Backend) {
    let from = service(backend).await;
    from.fill().await;
    let snapshot = from.snapshot().await;
    assert_eq!(snapshot.iter().filter(|byte| **byte == b'\n').count(), 1202);
    // Into the other database: a backup does not know where it was made.
    let other = if backend == Backend::Sqlite { Backend::Postgres } else { Backend::Sqlite };
    for to in [service(backend).await, service(other).await] {
        assert_eq!(to.prepare("t", snapshot.clone()).await.status, 200);
        assert_eq!(to.count("notes").await, 0, "only set aside");
        assert_eq!(to.step("commit", "t").await.status, 204);
        assert!(to.snapshot().await == snapshot, "the same to the last byte");
    }
    let guest = from.client.with_token("x");
    guest.get("/internal/backup").await.problem(401);
}

async fn a_restore_is_undone_and_each_step_can_be_repeated(backend: Backend) {
    let (from, to) = (service(backend).await, service(backend).await);
    from.fill().await;
    let wanted = from.snapshot().await;
    sql::execute(to.db.write(), "INSERT INTO folders VALUES ('old', NULL, $1)", [true.into()]).await.expect("inserted");
    write(&to.db, "a", &Happened { what: "pending".into() }).await;
    let before = to.snapshot().await;
    for _ in 0..2 {
        assert_eq!(to.prepare("t", wanted.clone()).await.status, 200);
    }
    for _ in 0..2 {
        assert_eq!(to.step("commit", "t").await.status, 204);
    }
    // It changes nothing once it is in place.
    assert_eq!(to.prepare("t", wanted.clone()).await.status, 200);
    assert!(to.snapshot().await == wanted);
    assert_eq!(to.count("outbox").await, 0, "what it told of is no longer so");
    for _ in 0..2 {
        assert_eq!(to.step("rollback", "t").await.status, 204);
    }
    assert!(to.snapshot().await == before);
    assert_eq!((to.count("outbox").await, to.count("restore_rows").await), (1, 0));
    // Undone before it was in place; then again, and for good.
    assert_eq!(to.prepare("u", wanted.clone()).await.status, 200);
    assert_eq!(to.step("rollback", "u").await.status, 204);
    assert_eq!(to.step("commit", "u").await.problem(409).code, "not_prepared");
    assert_eq!(to.prepare("v", wanted.clone()).await.status, 200);
    assert_eq!(to.step("commit", "v").await.status, 204);
    assert_eq!(to.step("forget", "v").await.status, 204);
    assert_eq!(to.step("rollback", "v").await.status, 204, "nothing to undo");
    assert!(to.snapshot().await == wanted);
    assert_eq!(to.step("rollback", "unknown").await.status, 204, "it never came here");
}

async fn what_does_not_fit_changes_nothing(backend: Backend) {
    let to = service(backend).await;
    to.fill().await;
    let before = to.snapshot().await;
    for wrong in [
        "not json\n",
        r#"{"table":"nothing","row":{}}"#,
        r#"{"table":"folders","row":{"id":"x","open":true,"newer":1}}"#,
        r#"{"table":"folders","row":{"id":"x","open":"yes"}}"#,
        r#"{"table":"notes","row":{"folder":"x","place":1,"picture":"not base64!"}}"#,
    ] {
        let problem = to.prepare("t", wrong.into()).await.problem(422);
        assert!(problem.detail.is_some_and(|detail| detail.contains("line 1")));
        assert_eq!(to.step("commit", "t").await.problem(409).code, "not_prepared");
    }
    // It fits line by line and contradicts itself.
    let orphan = r#"{"table":"notes","row":{"folder":"nobody","place":1}}"#;
    assert_eq!(to.prepare("t", orphan.into()).await.status, 200);
    assert!(!to.step("commit", "t").await.status.is_success());
    assert!(to.snapshot().await == before);
}

async fn a_snapshot_is_of_one_moment(backend: Backend) {
    let service = service(backend).await;
    service.fill().await;
    let mut lines = Backup::new(service.db.clone(), kit::Clock::system(), TABLES).snapshot();
    let first = lines.recv().await.expect("a line").expect("read");
    sql::execute(service.db.write(), "DELETE FROM notes", []).await.expect("deleted");
    let mut all = first.to_vec();
    while let Some(line) = lines.recv().await {
        all.extend_from_slice(&line.expect("read"));
    }
    assert_eq!(all.iter().filter(|byte| **byte == b'\n').count(), 1202);
}
