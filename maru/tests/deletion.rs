//! Deleting an account reaches every service, whatever fails or dies on the way, and comes twice without
//! harm. With `MARU_SAGA_REPORT` it writes down what it saw, for `cargo xtask prove saga`.
#![expect(clippy::unwrap_used, reason = "what is not there fails the test")]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use contracts::{
    auth::{Me, Tokens},
    blog::Post,
    events::{Event, UserDeleted},
};
use http::Method;
use kit::{
    Secret, Service,
    bus::{Bus, Consumer, DeliveryError, InProcess, Reach},
    db::sql,
    events::Message,
    testing::{Answer, Backend, Client, TestDb, TestShared, cut_off},
};
use serde_json::{Value, json};
use storage::Place;

kit::on_both_databases!(an_account_goes_from_everywhere);

const SERVICES: [&str; 6] = ["auth", "blog", "content", "page", "analytics", "storage"];
const OUTBOXES: [&str; 4] = ["auth", "blog", "content", "analytics"];
const PASSWORD: &str = "correct horse battery staple";

/// What happens to a consumer when it hears that an account is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// It fails before it did anything.
    Before,
    /// It does its part, and nobody hears of that: it hears it again.
    After,
    /// The process dies while it is at it.
    Death,
}

#[derive(Clone, Default)]
struct Faults(Arc<Mutex<Plan>>);

#[derive(Default)]
struct Plan {
    next: Option<(&'static str, Fault)>,
    /// Who hears of accounts that are gone.
    hearers: Vec<&'static str>,
}

impl Faults {
    fn plan<T>(&self, change: impl FnOnce(&mut Plan) -> T) -> T {
        change(&mut self.0.lock().unwrap())
    }
}

/// The bus of the process, and somebody between it and the consumers.
struct Meddling {
    bus: InProcess,
    faults: Faults,
}

struct Faulty {
    consumer: Arc<dyn Consumer>,
    faults: Faults,
}

#[async_trait]
impl Bus for Meddling {
    fn subscribe(&self, consumer: Arc<dyn Consumer>) {
        if consumer.kinds().contains(&UserDeleted::KIND) {
            self.faults.plan(|plan| plan.hearers.push(consumer.name()));
        }
        self.bus.subscribe(Arc::new(Faulty { consumer, faults: self.faults.clone() }));
    }

    fn open(&self) {
        self.bus.open();
    }

    async fn opened(&self) {
        self.bus.opened().await;
    }

    async fn publish(&self, message: &Message) -> Result<(), DeliveryError> {
        self.bus.publish(message).await
    }
}

#[async_trait]
impl Consumer for Faulty {
    fn name(&self) -> &'static str {
        self.consumer.name()
    }

    fn kinds(&self) -> &[&'static str] {
        self.consumer.kinds()
    }

    fn reach(&self) -> Reach {
        self.consumer.reach()
    }

    async fn receive(&self, message: &Message) -> Result<(), DeliveryError> {
        let here = |plan: &mut Plan| plan.next.take_if(|(name, _)| *name == self.name()).map(|(_, fault)| fault);
        let fault = if message.kind == UserDeleted::KIND { self.faults.plan(here) } else { None };
        let failed = || DeliveryError::new(self.name(), "it was told to fail");
        match fault {
            None => self.consumer.receive(message).await,
            Some(Fault::Before) => Err(failed()),
            Some(Fault::After) => {
                self.consumer.receive(message).await?;
                Err(failed())
            }
            Some(Fault::Death) => std::future::pending().await,
        }
    }
}

/// All services in one process.
struct Site {
    databases: BTreeMap<&'static str, TestDb>,
    folder: tempfile::TempDir,
    shared: TestShared,
    clients: BTreeMap<&'static str, Client>,
    faults: Faults,
}

impl Site {
    async fn new(backend: Backend) -> Self {
        let mut databases = BTreeMap::new();
        for name in SERVICES {
            databases.insert(name, TestDb::new(backend).await);
        }
        Self::start(databases, tempfile::tempdir().unwrap()).await
    }

    /// On what another process may have left behind.
    async fn start(databases: BTreeMap<&'static str, TestDb>, folder: tempfile::TempDir) -> Self {
        let (mut shared, faults) = (TestShared::new(), Faults::default());
        shared.shared.bus = Arc::new(Meddling { bus: InProcess::new(), faults: faults.clone() });
        let mut clients = BTreeMap::new();
        for name in SERVICES {
            let service = service(name, &databases[name].url, folder.path(), &shared).await;
            clients.insert(name, Client::new(service.router));
        }
        shared.shared.bus.open();
        Self { databases, folder, shared, clients, faults }
    }

    /// The process is gone, and another one starts.
    async fn restarted(self) -> Self {
        let Self { databases, folder, shared, .. } = self;
        shared.shared.shutdown.cancel();
        shared.shared.tasks.close();
        shared.shared.tasks.wait().await;
        drop(shared);
        Self::start(databases, folder).await
    }

    async fn member(&self, name: &str, role: &str) -> Tokens {
        let email = format!("{}@example.com", name.replace(' ', "-").to_lowercase());
        let account = json!({ "email": email, "name": name, "password": PASSWORD, "role": role });
        self.clients["auth"].service().post("/internal/users", &account).await.json::<Me>(201);
        let input = json!({ "email": email, "password": PASSWORD });
        self.clients["auth"].post("/api/auth/login", &input).await.json(200)
    }

    fn of(&self, service: &str, tokens: &Tokens) -> Client {
        self.clients[service].with_token(&tokens.access_token)
    }

    async fn write(&self, tokens: &Tokens, title: &str) -> Post {
        let post = json!({ "title": title, "content": "Words.", "status": "PUBLIC" });
        self.of("blog", tokens).post("/api/posts", &post).await.json(201)
    }

    /// Somebody with two posts, a comment, a like, a bookmark and a report, ready to go.
    async fn leaver(&self, number: usize, host: &Post) -> Tokens {
        let leaver = self.member(&format!("Leaver {number}"), "AUTHOR").await;
        for post in 0..2 {
            self.write(&leaver, &format!("Post {post} of {number}")).await;
        }
        let (content, id) = (self.of("content", &leaver), &host.summary.id);
        let comment = json!({ "post_id": id, "content": format!("Said by {number}") });
        assert_eq!(content.post("/api/comments", &comment).await.status, 201);
        assert_eq!(content.post(&format!("/api/likes/{id}/toggle"), &json!({})).await.status, 200);
        assert!(content.post(&format!("/api/bookmarks/{id}"), &json!({})).await.status.is_success());
        let report = json!({ "title": "A bug", "description": "It does not do what it should." });
        assert_eq!(self.of("analytics", &leaver).post("/api/bug-reports", &report).await.status, 201);
        self.settled().await;
        leaver
    }

    async fn leave(&self, leaver: &Tokens) -> Answer {
        let body = json!({ "keep_content": false }).to_string();
        self.of("auth", leaver).send(Method::DELETE, "/api/auth/me", Some("application/json"), body.into()).await
    }

    /// No event is under way any more.
    async fn settled(&self) {
        let waiting = async {
            loop {
                let mut under_way = 0;
                for name in OUTBOXES {
                    let db = self.databases[name].connect().await;
                    under_way += sql::number(db.read(), "SELECT COUNT(*) AS n FROM outbox", []).await.unwrap();
                    db.close().await.unwrap();
                }
                if under_way == 0 {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(30)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(90), waiting).await.unwrap();
    }

    /// How many rows of which tables speak of somebody; nothing may hold their name or address.
    async fn traces(&self, leaver: &Tokens, number: usize) -> BTreeMap<String, usize> {
        let mut traces = BTreeMap::new();
        for (service, client) in &self.clients {
            let backup = client.service().get("/internal/backup").await;
            assert_eq!(backup.status, 200, "{service}");
            for line in String::from_utf8_lossy(&backup.body).lines() {
                let row: Value = serde_json::from_str(line).unwrap();
                if line.contains(&leaver.user.id) {
                    *traces.entry(format!("{service}.{}", row["table"].as_str().unwrap())).or_default() += 1;
                }
            }
            let text = String::from_utf8_lossy(&backup.body).into_owned();
            let told = [
                ("name", format!("Leaver {number}\"")),
                ("address", format!("leaver-{number}@")),
                ("comment", format!("Said by {number}\"")),
            ];
            for (what, words) in told {
                if text.contains(&words) {
                    *traces.entry(format!("{service}: {what}")).or_default() += 1;
                }
            }
        }
        traces
    }

    async fn is_there(&self, leaver: &Tokens) -> bool {
        self.of("auth", leaver).get("/api/auth/me").await.status == 200
    }
}

async fn service(name: &str, url: &str, folder: &std::path::Path, shared: &TestShared) -> Service {
    let (url, shared) = (url.to_owned(), &shared.shared);
    let at = |name: &str| folder.join(name);
    let started = match name {
        "auth" => auth::start(auth::Settings::new(url, at("auth")), shared).await,
        "blog" => blog::start(blog::Settings { database_url: url, search_dir: None, site_name: None }, shared).await,
        "content" => {
            let address_secret = Secret::new("address secret");
            content::start(content::Settings { database_url: url, address_secret }, shared).await
        }
        "page" => page::start(page::Settings { database_url: url }, shared).await,
        "analytics" => analytics::start(analytics::Settings::new(url), shared).await,
        _ => {
            let (images, backups) = (Place::Folder(at("images")), Place::Folder(at("backups")));
            storage::start(storage::Settings::new(url, images, backups), shared).await
        }
    };
    started.unwrap()
}

async fn an_account_goes_from_everywhere(backend: Backend) {
    let mut site = Site::new(backend).await;
    let host = site.member("Host", "AUTHOR").await;
    let hosted = site.write(&host, "Hosted").await;

    // Undisturbed: this is how it is to be.
    let leaver = site.leaver(0, &hosted).await;
    let before = site.traces(&leaver, 0).await;
    assert_eq!(site.leave(&leaver).await.status, 204);
    site.settled().await;
    let after = site.traces(&leaver, 0).await;
    assert_ne!(before, after);
    assert!(!after.keys().any(|trace| trace.contains(": ")), "{after:?}");
    assert!(!after.contains_key("content.comments") && !after.contains_key("content.bookmarks"), "{after:?}");

    let mut rows = Vec::new();
    let hearers = site.faults.plan(|plan| plan.hearers.clone());
    assert!(["blog", "content", "page", "analytics", "storage"].iter().all(|name| hearers.contains(name)));
    let mut number = 0;
    for hearer in hearers {
        for fault in [Fault::Before, Fault::After, Fault::Death] {
            number += 1;
            let leaver = site.leaver(number, &hosted).await;
            site.faults.plan(|plan| plan.next = Some((hearer, fault)));
            assert_eq!(site.leave(&leaver).await.status, 204);
            let faults = site.faults.clone();
            kit::testing::eventually("the fault", async || faults.plan(|plan| plan.next.is_none()).then_some(())).await;
            if fault == Fault::Death {
                site = site.restarted().await;
            }
            site.settled().await;
            assert_eq!(site.traces(&leaver, number).await, after, "{hearer} {fault:?}");
            rows.push(json!({ "step": format!("{hearer} hears of it"), "fault": format!("{fault:?}") }));
        }
    }

    // The request itself, cut off at each place where it waits for something.
    number += 1;
    let leaver = site.leaver(number, &hosted).await;
    let mut cuts = 0;
    loop {
        let done = cut_off(site.leave(&leaver), cuts + 1).await;
        if done.is_some() || !site.is_there(&leaver).await {
            break;
        }
        cuts += 1;
        assert_eq!(site.traces(&leaver, number).await, before, "cut off at wait {cuts}");
    }
    site.settled().await;
    assert_eq!(site.traces(&leaver, number).await, after);
    assert!(cuts > 0, "it was never cut off");
    report(backend, &rows, cuts);
}

/// Adds a line to the report.
fn report(backend: Backend, rows: &[Value], cuts: usize) {
    use std::io::Write;
    let Ok(file) = std::env::var("MARU_SAGA_REPORT") else { return };
    let line = json!({ "proof": "deletion", "database": format!("{backend:?}"), "faults": rows, "cuts": cuts });
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file).unwrap();
    writeln!(file, "{line}").unwrap();
}
