//! Restoring all services together, while each step fails, hangs or comes twice. With `MARU_SAGA_REPORT` it
//! writes down what it saw, for `cargo xtask prove saga`.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use contracts::storage::{Backup, BackupList, BackupStatus, Image, Restore, RestoreStatus};
use http::{Method, StatusCode};
use kit::{
    Frame,
    backup::Table,
    db::{Db, Migration, sql},
    testing::{Backend, Client, TestDb, TestShared},
};
use sea_orm::FromQueryResult;

use crate::{
    pictures::png,
    support::{Disk, Storage, eventually},
};

kit::on_both_databases!(
    whatever_step_fails_everything_is_undone,
    whatever_step_dies_the_restore_goes_on,
    a_restore_whose_backup_is_gone_is_undone,
    a_step_that_runs_twice_changes_nothing,
    a_service_that_is_away_for_a_moment_is_waited_for,
    a_backup_comes_back_on_an_empty_install,
    one_at_a_time,
);

const SERVICES: [&str; 3] = ["alpha", "beta", "storage"];
const TABLES: &[Table] = &[Table { name: "things", key: &["id"] }];
const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "things", sql: "CREATE TABLE things (id INTEGER PRIMARY KEY, text TEXT NOT NULL)" },
    Migration { number: 2, name: "restores", sql: kit::backup::SQL },
];

/// What is to happen to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// It fails before anything is done.
    Before,
    /// It is done, and the answer is a failure.
    After,
    /// It never ends: the process dies there.
    Hang,
    /// It comes twice.
    Twice,
    /// It is away this once.
    Away,
}

#[derive(Clone, Default)]
struct Faults(Arc<Mutex<Plan>>);

#[derive(Default)]
struct Plan {
    /// `prepare alpha`, and what is to happen to it.
    next: Option<(String, Fault)>,
    /// Everything happens twice.
    twice: bool,
    calls: Vec<String>,
}

impl Faults {
    fn plan<T>(&self, change: impl FnOnce(&mut Plan) -> T) -> T {
        change(&mut self.0.lock().expect("no panic"))
    }
}

/// Stands before a service.
async fn meddle(State((faults, service)): State<(Faults, &'static str)>, request: Request, next: Next) -> Response {
    let Some(what) = request.uri().path().strip_prefix("/internal/restore/").map(str::to_owned) else {
        return next.run(request).await;
    };
    let call = format!("{what} {service}");
    let (fault, twice) = faults.plan(|plan| {
        plan.calls.push(call.clone());
        let fault = plan.next.take_if(|(wanted, _)| *wanted == call).map(|(_, fault)| fault);
        (fault, plan.twice)
    });
    match fault {
        Some(Fault::Before) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Some(Fault::Away) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some(Fault::Hang) => std::future::pending().await,
        Some(Fault::After | Fault::Twice) | None => {}
    }
    let answer = if twice || fault == Some(Fault::Twice) {
        let (head, body) = request.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        next.clone().run(Request::from_parts(head.clone(), Body::from(bytes.clone()))).await;
        next.run(Request::from_parts(head, Body::from(bytes))).await
    } else {
        next.run(request).await
    };
    if fault == Some(Fault::After) { StatusCode::INTERNAL_SERVER_ERROR.into_response() } else { answer }
}

/// Storage and two more services.
struct Site {
    storage: Storage,
    databases: [TestDb; 2],
    faults: Faults,
}

impl Site {
    async fn start(backend: Backend) -> Self {
        let databases = [TestDb::new(backend).await, TestDb::new(backend).await];
        let (db, disk) = (TestDb::new(backend).await, Disk::beside(backend).await);
        Self::start_on(databases, db, disk, time::Duration::ZERO).await
    }

    /// On what a process that died left behind, so much later. Storage starts first, so that what it has
    /// to go on with has nobody to call yet.
    async fn start_on(databases: [TestDb; 2], db: TestDb, disk: Disk, later: time::Duration) -> Self {
        let (shared, faults) = (TestShared::new(), Faults::default());
        shared.advance(later);
        let services = SERVICES.map(str::to_owned).to_vec();
        let storage = Storage::start_first(db, disk, shared, |settings| settings.backed_up = services).await;
        let shared = &storage.shared.shared;
        let stand_before = |name: &'static str, router: Router| {
            shared.peers.register(name, router.layer(from_fn_with_state((faults.clone(), name), meddle)));
        };
        stand_before("storage", storage.router.clone());
        for (name, database) in ["alpha", "beta"].into_iter().zip(&databases) {
            let db = database.connect().await;
            db.migrate(MIGRATIONS).await.expect("migrated");
            let frame = Frame::new(name, db, shared).backup(TABLES);
            let service = frame.finish(Router::new(), utoipa::openapi::OpenApi::default());
            stand_before(name, service.router);
        }
        shared.bus.open();
        Self { storage, databases, faults }
    }

    /// The process dies here, and another one starts so much later; the lease of the dead one has ended.
    async fn after_a_crash(self, later: time::Duration) -> Self {
        self.storage.shared.shared.shutdown.cancel();
        let Self { storage, databases, .. } = self;
        let Storage { db, disk, shared, .. } = storage;
        shared.shared.tasks.close();
        shared.shared.tasks.wait().await;
        drop(shared);
        Self::start_on(databases, db, disk, later).await
    }

    fn admin(&self) -> Client {
        self.storage.admin()
    }

    async fn db(&self, index: usize) -> Db {
        self.databases[index].connect().await
    }

    /// Writes `text` into both services, instead of what they hold.
    async fn fill(&self, text: &str) {
        for index in 0..2 {
            let db = self.db(index).await;
            sql::execute(db.write(), "DELETE FROM things", []).await.expect("emptied");
            for id in 0..3 {
                let insert = "INSERT INTO things (id, text) VALUES ($1, $2)";
                sql::execute(db.write(), insert, [id.into(), format!("{text} {index}").into()]).await.expect("filled");
            }
            db.close().await.expect("closed");
        }
    }

    /// Everything that there is, in words.
    async fn state(&self) -> Vec<String> {
        #[derive(FromQueryResult)]
        struct Text {
            text: String,
        }
        let mut all = Vec::new();
        for index in 0..2 {
            let db = self.db(index).await;
            let rows = sql::all::<Text, _>(db.read(), "SELECT text FROM things ORDER BY id", []).await.expect("rows");
            all.extend(rows.into_iter().map(|row| row.text));
            db.close().await.expect("closed");
        }
        let db = self.storage.db.connect().await;
        let names = "SELECT name AS text FROM images UNION ALL SELECT name AS text FROM variants ORDER BY text";
        let names = sql::all::<Text, _>(db.read(), names, []).await.expect("rows");
        db.close().await.expect("closed");
        for name in names.into_iter().map(|row| row.text) {
            let there = self.storage.client.get(&format!("/media/{name}")).await.status;
            all.push(format!("{name} {there}"));
        }
        all
    }

    async fn back_up(&self) -> Backup {
        let started: Backup = self.post("/api/backups").await.json(202);
        self.until(&started.id, |backup| backup.status != BackupStatus::Running).await
    }

    async fn restore(&self, id: &str) -> RestoreStatus {
        self.post(&format!("/api/backups/{id}/restore")).await.json::<Backup>(202);
        self.restored(id).await.status
    }

    async fn restored(&self, id: &str) -> Restore {
        let over = |backup: &Backup| {
            let status = backup.restore.as_ref().map(|restore| restore.status);
            matches!(status, Some(RestoreStatus::Done | RestoreStatus::Undone))
        };
        self.until(id, over).await.restore.expect("a restore")
    }

    async fn until(&self, id: &str, done: impl Fn(&Backup) -> bool) -> Backup {
        eventually("the job", async || {
            let backup: Backup = self.admin().get(&format!("/api/backups/{id}")).await.json(200);
            done(&backup).then_some(backup)
        })
        .await
    }

    async fn post(&self, path: &str) -> kit::testing::Answer {
        self.admin().send(Method::POST, path, None, bytes::Bytes::new()).await
    }

    /// A site with a backup of its first state, now in its second: other rows, one image gone, one new.
    async fn with_two_states(&self) -> (Backup, Vec<String>, Vec<String>, Image) {
        self.fill("first").await;
        let old = self.storage.uploaded(&png(400, 40)).await;
        let old = self.storage.finished(&old.id).await;
        let backup = self.back_up().await;
        assert_eq!(backup.status, BackupStatus::Ready, "{backup:?}");
        let first = self.state().await;
        self.fill("second").await;
        assert_eq!(self.admin().delete(&format!("/api/images/{}", old.id)).await.status, 204);
        let new = self.storage.uploaded(&png(8, 8)).await;
        self.storage.finished(&new.id).await;
        let second = self.state().await;
        assert_ne!(first, second);
        (backup, first, second, old)
    }
}

async fn whatever_step_fails_everything_is_undone(backend: Backend) {
    let site = Site::start(backend).await;
    let (backup, first, second, old) = site.with_two_states().await;
    let mut seen = Vec::new();
    for fault in [Fault::Before, Fault::After] {
        for step in ["prepare", "commit"] {
            for service in SERVICES {
                let call = format!("{step} {service}");
                site.faults.plan(|plan| plan.next = Some((call.clone(), fault)));
                assert_eq!(site.restore(&backup.id).await, RestoreStatus::Undone, "{call} {fault:?}");
                assert_eq!(site.state().await, second, "{call} {fault:?}");
                site.storage.client.get(&old.url).await.problem(404);
                assert!(site.faults.plan(|plan| plan.next.is_none()), "{call} was reached");
                let shown: Backup = site.admin().get(&format!("/api/backups/{}", backup.id)).await.json(200);
                let reason = shown.restore.and_then(|restore| restore.error).unwrap_or_default();
                assert!(reason.starts_with(&call), "{reason}");
                seen.push((call, fault, "undone"));
            }
        }
    }
    // Undoing fails too, at first.
    site.faults.plan(|plan| plan.next = Some(("commit beta".to_owned(), Fault::Before)));
    let faults = site.faults.clone();
    site.post(&format!("/api/backups/{}/restore", backup.id)).await.json::<Backup>(202);
    eventually("the commit failed", async || faults.plan(|plan| plan.next.is_none()).then_some(())).await;
    assert_eq!(site.restored(&backup.id).await.status, RestoreStatus::Undone);
    assert_eq!(site.state().await, second);
    // And without faults it is all there.
    assert_eq!(site.restore(&backup.id).await, RestoreStatus::Done);
    assert_eq!(site.state().await, first);
    report(backend, &seen);
}

async fn whatever_step_dies_the_restore_goes_on(backend: Backend) {
    let mut site = Site::start(backend).await;
    let (backup, first, ..) = site.with_two_states().await;
    let mut later = time::Duration::ZERO;
    let mut seen = Vec::new();
    let steps = ["prepare", "commit", "forget"].map(|step| SERVICES.map(|service| format!("{step} {service}")));
    for call in steps.as_flattened() {
        site.fill("second").await;
        assert_ne!(site.state().await, first);
        site.faults.plan(|plan| plan.next = Some((call.clone(), Fault::Hang)));
        site.post(&format!("/api/backups/{}/restore", backup.id)).await.json::<Backup>(202);
        let faults = site.faults.clone();
        eventually(call, async || faults.plan(|plan| plan.next.is_none()).then_some(())).await;
        later += time::Duration::minutes(3);
        site = site.after_a_crash(later).await;
        let shown = site.restored(&backup.id).await;
        assert_eq!(shown.status, RestoreStatus::Done, "{call}: {:?}", shown.error);
        assert_eq!(site.state().await, first, "{call}");
        seen.push((call.clone(), Fault::Hang, "taken up again and finished"));
    }
    report(backend, &seen);
}

async fn a_restore_whose_backup_is_gone_is_undone(backend: Backend) {
    let site = Site::start(backend).await;
    let (backup, first, second, _) = site.with_two_states().await;
    // One service has taken its rows when it dies.
    site.faults.plan(|plan| plan.next = Some(("commit beta".to_owned(), Fault::Hang)));
    site.post(&format!("/api/backups/{}/restore", backup.id)).await.json::<Backup>(202);
    let faults = site.faults.clone();
    eventually("it hangs", async || faults.plan(|plan| plan.next.is_none()).then_some(())).await;
    let between = site.state().await;
    assert!(between != first && between != second, "{between:?}");
    site.storage.execute("DELETE FROM backups").await;
    let site = site.after_a_crash(time::Duration::minutes(3)).await;
    eventually("it is undone", async || {
        let db = site.storage.db.connect().await;
        let undone = "SELECT COUNT(*) AS n FROM sagas WHERE status = 'UNDONE'";
        let undone = sql::number(db.read(), undone, []).await.expect("a number");
        db.close().await.expect("closed");
        (undone == 1).then_some(())
    })
    .await;
    assert_eq!(site.state().await, second);
}

async fn a_step_that_runs_twice_changes_nothing(backend: Backend) {
    let site = Site::start(backend).await;
    let (backup, first, second, _) = site.with_two_states().await;
    site.faults.plan(|plan| plan.twice = true);
    site.faults.plan(|plan| plan.next = Some(("commit storage".to_owned(), Fault::After)));
    assert_eq!(site.restore(&backup.id).await, RestoreStatus::Undone);
    assert_eq!(site.state().await, second);
    assert_eq!(site.restore(&backup.id).await, RestoreStatus::Done);
    assert_eq!(site.state().await, first);
    assert_eq!(site.restore(&backup.id).await, RestoreStatus::Done, "restored again, nothing changes");
    assert_eq!(site.state().await, first);
    report(backend, &[("every step".to_owned(), Fault::Twice, "finished, and undone, as if it came once")]);
}

/// Adds lines to the report.
fn report(backend: Backend, seen: &[(String, Fault, &str)]) {
    use std::io::Write;
    let Ok(file) = std::env::var("MARU_SAGA_REPORT") else { return };
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file).expect("a report");
    for (step, fault, outcome) in seen {
        let fault = format!("{fault:?}");
        let line = serde_json::json!({
            "proof": "restore", "database": format!("{backend:?}"), "step": step, "fault": fault, "outcome": outcome,
        });
        writeln!(file, "{line}").expect("written");
    }
}

async fn a_service_that_is_away_for_a_moment_is_waited_for(backend: Backend) {
    let site = Site::start(backend).await;
    let (backup, first, _, _) = site.with_two_states().await;
    site.faults.plan(|plan| plan.next = Some(("commit beta".to_owned(), Fault::Away)));
    assert_eq!(site.restore(&backup.id).await, RestoreStatus::Done);
    assert_eq!(site.state().await, first);
    let calls = site.faults.plan(|plan| plan.calls.clone());
    assert!(!calls.iter().any(|call| call.starts_with("rollback")), "{calls:?}");
    assert_eq!(calls.iter().filter(|call| *call == "commit beta").count(), 2);
}

async fn a_backup_comes_back_on_an_empty_install(backend: Backend) {
    let (site, empty) = (Site::start(backend).await, Site::start(backend).await);
    let (backup, first, _, old) = site.with_two_states().await;
    let archive = site.admin().get(&format!("/api/backups/{}/download", backup.id)).await;
    assert_eq!(archive.headers["content-type"], "application/gzip");
    assert_eq!(archive.body.len() as u64, backup.size);
    // The operator's program brings it, with the service token.
    let operator = empty.storage.client.service();
    let brought: Backup = operator.send(Method::PUT, "/api/backups", None, archive.body.clone()).await.json(201);
    assert_eq!((brought.status, &brought.digest, brought.objects), (BackupStatus::Ready, &backup.digest, 2));
    assert_eq!(empty.restore(&brought.id).await, RestoreStatus::Done);
    assert_eq!(empty.state().await, first);
    assert_eq!(empty.storage.client.get(&old.url).await.body, site_image(&site, &old).await);

    for wrong in [&archive.body[..archive.body.len() / 2], b"nothing", b""] {
        let refused = operator.send(Method::PUT, "/api/backups", None, bytes::Bytes::copy_from_slice(wrong)).await;
        assert_eq!(refused.problem(422).code, "not_a_backup");
    }
    let list: BackupList = empty.admin().get("/api/backups").await.json(200);
    assert_eq!(list.total, 1);
}

/// The image as the site itself has it again.
async fn site_image(site: &Site, image: &Image) -> bytes::Bytes {
    let backup: BackupList = site.admin().get("/api/backups").await.json(200);
    assert_eq!(site.restore(&backup.items[0].id).await, RestoreStatus::Done);
    site.storage.client.get(&image.url).await.body
}

async fn one_at_a_time(backend: Backend) {
    let site = Site::start(backend).await;
    let (backup, ..) = site.with_two_states().await;
    site.faults.plan(|plan| plan.next = Some(("prepare beta".to_owned(), Fault::Hang)));
    let path = format!("/api/backups/{}", backup.id);
    site.post(&format!("{path}/restore")).await.json::<Backup>(202);
    for (method, path) in [
        (Method::POST, "/api/backups".to_owned()),
        (Method::POST, format!("{path}/restore")),
        (Method::DELETE, path.clone()),
    ] {
        let refused = site.admin().send(method, &path, None, bytes::Bytes::new()).await;
        assert_eq!(refused.problem(409).code, "busy", "{path}");
    }
}
