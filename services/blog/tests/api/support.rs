//! A running blog service and people who use it.

use contracts::events::Event;
use contracts::{
    blog::{Paged, Post, PostInput, PostStatus, PostSummary},
    module::Role,
};
use kit::{
    db::sql,
    events::{Message, relay::Wake},
    id,
    testing::{Backend, Client, TestDb, TestShared},
};
use sea_orm::FromQueryResult;

/// The service on an empty database.
pub(crate) struct Blog {
    pub(crate) client: Client,
    pub(crate) shared: TestShared,
    pub(crate) db: TestDb,
}

impl Blog {
    pub(crate) async fn start(backend: Backend) -> Self {
        Self::start_on(TestDb::new(backend).await).await
    }

    /// The service on a database that may hold something already.
    pub(crate) async fn start_on(db: TestDb) -> Self {
        let shared = TestShared::new();
        let settings = blog::Settings { database_url: db.url.clone(), search_dir: None, site_name: None };
        let service = blog::start(settings, &shared.shared).await.expect("blog starts");
        Self { client: Client::new(service.router), shared, db }
    }

    /// The background work of another process on the same database.
    pub(crate) async fn upkeep(&self) -> blog::Upkeep {
        blog::Upkeep::new(self.db.connect().await, &self.shared.shared, Wake::default())
    }

    /// What was told of the aggregate so far, in order: kinds and payloads. While the bus is closed
    /// nothing leaves the outbox.
    pub(crate) async fn told(&self, aggregate: &str) -> Vec<(String, serde_json::Value)> {
        #[derive(FromQueryResult)]
        struct Row {
            kind: String,
            data: String,
        }
        let db = self.db.connect().await;
        let query = "SELECT kind, data FROM outbox WHERE aggregate_id = $1 ORDER BY sequence";
        let rows = sql::all::<Row, _>(db.read(), query, [aggregate.into()]).await.expect("the outbox");
        db.close().await.expect("closed");
        let read = |row: Row| (row.kind, serde_json::from_str(&row.data).expect("JSON"));
        rows.into_iter().map(read).collect()
    }

    /// The kinds alone.
    pub(crate) async fn kinds(&self, aggregate: &str) -> Vec<String> {
        self.told(aggregate).await.into_iter().map(|(kind, _)| kind).collect()
    }

    /// Brings an event of another service.
    pub(crate) async fn deliver<E: Event>(&self, aggregate: &str, sequence: i64, event: &E) {
        let message = Message {
            id: id::new(),
            kind: E::KIND.to_owned(),
            aggregate_id: aggregate.to_owned(),
            sequence,
            occurred_at: "2026-01-01T00:00:00Z".to_owned(),
            trace: None,
            schema_version: E::SCHEMA_VERSION,
            data: serde_json::to_value(event).expect("JSON"),
        };
        self.shared.shared.bus.open();
        self.shared.shared.bus.publish(&message).await.expect("taken");
    }

    /// Somebody who calls themself `id`.
    pub(crate) fn user(&self, id: &str, role: Role) -> Client {
        self.client.with_token(&self.shared.token(id, &format!("Name of {id}"), role))
    }

    pub(crate) fn author(&self) -> Client {
        self.user("author", Role::Author)
    }

    pub(crate) fn admin(&self) -> Client {
        self.user("admin", Role::Admin)
    }
}

/// A public post with this title.
pub(crate) fn public(title: &str) -> PostInput {
    PostInput {
        title: title.to_owned(),
        content: "Some *text*.".to_owned(),
        status: Some(PostStatus::Public),
        ..PostInput::default()
    }
}

/// Writes a post through the API.
pub(crate) async fn write(author: &Client, input: &PostInput) -> Post {
    author.post("/api/posts", input).await.json(201)
}

/// Changes a post through the API.
pub(crate) async fn change(author: &Client, post: &Post, input: PostInput) -> Post {
    let input = PostInput { version: Some(post.summary.version), ..input };
    author.put(&path(post), &input).await.json(200)
}

/// Where a post is read.
pub(crate) fn path(post: &Post) -> String {
    format!("/api/posts/{}", encode(&post.summary.slug))
}

/// Percent-encoded, as browsers send it.
pub(crate) fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// Titles of a list.
pub(crate) async fn titles(client: &Client, path: &str) -> Vec<String> {
    let page: Paged<PostSummary> = client.get(path).await.json(200);
    page.items.into_iter().map(|post| post.title).collect()
}
