//! A running storage service, people who use it, and what the neighbours know.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::State,
    routing::{MethodRouter, get},
};
use bytes::Bytes;
use contracts::{
    blog::{InternalPosts, PostStatus},
    events::{Event, PostFacts},
    module::Role,
    storage::{Image, ImageList, ImagesOf, ImagesOfPage, Uploaded},
};
use http::{Method, Uri};
use kit::{
    events::Message,
    id,
    peers::Peers,
    testing::{Answer, Backend, Client, TestDb, TestShared},
};
use storage::{Place, Settings};

use crate::s3::Server;

/// Polls until `done` answers something. A backup on a busy machine takes its time.
pub(crate) async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut done: impl FnMut() -> F) -> T {
    let waiting = async {
        loop {
            if let Some(value) = done().await {
                return value;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let patience = std::time::Duration::from_secs(90);
    tokio::time::timeout(patience, waiting).await.unwrap_or_else(|_| panic!("{what} did not happen within 90 seconds"))
}

/// What posts, pages, drafts, profiles and bug reports use.
#[derive(Clone, Default)]
pub(crate) struct Neighbours(Arc<Mutex<BTreeMap<&'static str, Uses>>>);

/// Image URLs by who uses them.
type Uses = BTreeMap<String, Vec<String>>;

impl Neighbours {
    pub(crate) fn post(&self, id: &str, images: &[&str]) {
        self.uses("post", id, images);
    }

    pub(crate) fn page(&self, id: &str, images: &[&str]) {
        self.uses("page", id, images);
    }

    /// Something of this kind uses these images, and no others.
    pub(crate) fn uses(&self, kind: &'static str, id: &str, images: &[&str]) {
        let images = images.iter().map(|url| (*url).to_owned()).collect();
        self.0.lock().expect("no panic").entry(kind).or_default().insert(id.to_owned(), images);
    }

    /// There is nothing of this kind any more.
    pub(crate) fn none(&self, kind: &'static str) {
        self.0.lock().expect("no panic").remove(kind);
    }

    fn all(&self, kind: &str) -> Uses {
        self.0.lock().expect("no panic").get(kind).cloned().unwrap_or_default()
    }

    /// Has all of them answer.
    pub(crate) fn register(&self, peers: &Peers) {
        let posts = Router::new().route("/internal/posts", get(posts)).with_state(self.clone());
        let blog = posts.route("/internal/drafts/images", self.listing("draft"));
        let page = Router::new().route("/internal/pages/images", self.listing("page"));
        let auth = Router::new().route("/internal/users/images", self.listing("profile"));
        let analytics = Router::new().route("/internal/bug-reports/images", self.listing("bug_report"));
        for (name, router) in [("blog", blog), ("page", page), ("auth", auth), ("analytics", analytics)] {
            peers.register(name, router);
        }
    }

    /// A route that lists those of a kind, one a page.
    fn listing(&self, kind: &'static str) -> MethodRouter {
        let neighbours = self.clone();
        get(async move |uri: Uri| {
            let query = uri.query().unwrap_or_default().to_owned();
            let after = query.split('&').find_map(|part| part.strip_prefix("after=")).unwrap_or_default();
            let mut rest = neighbours.all(kind).into_iter().filter(|(id, _)| id.as_str() > after);
            let first = rest.next().map(|(id, images)| ImagesOf { id, images });
            let next = rest.next().and(first.as_ref()).map(|of| of.id.clone());
            Json(ImagesOfPage { items: first.into_iter().collect(), next })
        })
    }
}

/// Where files lie in a test.
pub(crate) enum Disk {
    Folder(tempfile::TempDir),
    S3(Server),
}

impl Disk {
    /// A folder beside SQLite, an S3 server beside PostgreSQL.
    pub(crate) async fn beside(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => Self::Folder(tempfile::tempdir().expect("a folder")),
            Backend::Postgres => Self::S3(Server::start().await),
        }
    }

    pub(crate) fn place(&self, name: &str) -> Place {
        match self {
            Self::Folder(folder) => Place::Folder(folder.path().join(name)),
            Self::S3(server) => server.place(name),
        }
    }

    /// Where a file of a place lies on this machine.
    pub(crate) fn file(&self, place: &str, name: &str) -> PathBuf {
        match self {
            Self::Folder(folder) => folder.path().join(place).join(name),
            Self::S3(server) => server.file(place, name),
        }
    }
}

pub(crate) struct Storage {
    pub(crate) client: Client,
    pub(crate) router: Router,
    pub(crate) shared: TestShared,
    pub(crate) neighbours: Neighbours,
    pub(crate) db: TestDb,
    pub(crate) disk: Disk,
}

impl Storage {
    pub(crate) async fn start(backend: Backend) -> Self {
        Self::start_with(backend, |_| ()).await
    }

    pub(crate) async fn start_with(backend: Backend, change: impl FnOnce(&mut Settings)) -> Self {
        Self::start_on(TestDb::new(backend).await, Disk::beside(backend).await, TestShared::new(), change).await
    }

    /// The service on what may hold something already.
    pub(crate) async fn start_on(
        db: TestDb,
        disk: Disk,
        shared: TestShared,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let storage = Self::start_first(db, disk, shared, change).await;
        storage.shared.shared.bus.open();
        storage
    }

    /// The same, as the first of several: whoever starts the last one opens the bus.
    pub(crate) async fn start_first(
        db: TestDb,
        disk: Disk,
        shared: TestShared,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let neighbours = neighbours(&shared);
        let mut settings = Settings::new(db.url.clone(), disk.place("images"), disk.place("backups"));
        change(&mut settings);
        let service = storage::start(settings, &shared.shared).await.expect("storage starts");
        let router = service.router;
        Self { client: Client::new(router.clone()), router, shared, neighbours, db, disk }
    }

    pub(crate) fn user(&self, id: &str, role: Role) -> Client {
        self.client.with_token(&self.shared.token(id, &format!("Name of {id}"), role))
    }

    pub(crate) fn author(&self) -> Client {
        self.user("author", Role::Author)
    }

    pub(crate) fn admin(&self) -> Client {
        self.user("admin", Role::Admin)
    }

    pub(crate) async fn import(&self, filename: &str, bytes: impl Into<Bytes>) -> Answer {
        let path = format!("/internal/images?filename={filename}");
        self.client.service().send(Method::PUT, &path, None, bytes.into()).await
    }

    /// Uploads an image as the author.
    pub(crate) async fn uploaded(&self, bytes: &[u8]) -> Image {
        let uploaded: Uploaded = upload(&self.author(), bytes).await.json(201);
        uploaded.items.into_iter().next().expect("an image")
    }

    /// The image as soon as everything was made of it.
    pub(crate) async fn finished(&self, id: &str) -> Image {
        eventually("smaller images", async || {
            let list: ImageList = self.admin().get("/api/images?size=100").await.json(200);
            list.items.into_iter().find(|image| image.id == id && !image.pending)
        })
        .await
    }

    pub(crate) async fn deliver<E: Event>(&self, aggregate: &str, sequence: i64, event: &E) {
        let message = Message {
            id: id::new(),
            kind: E::KIND.to_owned(),
            aggregate_id: aggregate.to_owned(),
            sequence,
            occurred_at: "2026-11-21T00:00:00Z".to_owned(),
            trace: None,
            schema_version: E::SCHEMA_VERSION,
            data: serde_json::to_value(event).expect("an event is JSON"),
        };
        self.shared.shared.bus.publish(&message).await.expect("delivered");
    }

    /// Runs a statement beside the service.
    pub(crate) async fn execute(&self, query: &str) {
        let db = self.db.connect().await;
        kit::db::sql::execute(db.write(), query, []).await.expect("written");
    }
}

/// A post as events tell of it.
pub(crate) fn facts(id: &str, images: &[&str]) -> PostFacts {
    PostFacts {
        post_id: id.to_owned(),
        slug: "slug".to_owned(),
        title: "Title".to_owned(),
        author_id: "author".to_owned(),
        status: PostStatus::Public,
        images: images.iter().map(|url| (*url).to_owned()).collect(),
    }
}

pub(crate) async fn upload(client: &Client, bytes: &[u8]) -> Answer {
    upload_to(client, "/api/upload", &[("file", "a/b.png", bytes)]).await
}

/// Sends a form with these fields, names and contents.
pub(crate) async fn upload_to(client: &Client, path: &str, files: &[(&str, &str, &[u8])]) -> Answer {
    let mut body = Vec::new();
    for (field, name, bytes) in files {
        let head = format!("--x\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--x--\r\n");
    client.send(Method::POST, path, Some("multipart/form-data; boundary=x"), body.into()).await
}

fn neighbours(shared: &TestShared) -> Neighbours {
    let neighbours = Neighbours::default();
    neighbours.register(&shared.shared.peers);
    neighbours
}

async fn posts(State(neighbours): State<Neighbours>) -> Json<InternalPosts> {
    let items = neighbours.all("post").into_iter().map(|(post_id, images)| PostFacts {
        post_id,
        images,
        ..PostFacts::default()
    });
    Json(InternalPosts { items: items.collect(), next: None })
}
