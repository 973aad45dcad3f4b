//! A running page service and people who use it.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use async_trait::async_trait;
use contracts::{
    events::{Event, PageCreated, PageDeleted, PageUpdated},
    module::Role,
    page::{Page, PageInput, PageList, PageStatus},
};
use kit::{
    bus::{Consumer, DeliveryError},
    events::Message,
    testing::{Backend, Client, TestDb, TestShared, eventually},
};

/// The service on an empty database.
pub(crate) struct Pages {
    pub(crate) client: Client,
    pub(crate) shared: TestShared,
    pub(crate) db: TestDb,
    heard: Arc<Recorder>,
    sequence: AtomicI64,
}

impl Pages {
    pub(crate) async fn start(backend: Backend) -> Self {
        let (db, shared) = (TestDb::new(backend).await, TestShared::new());
        let heard = Arc::new(Recorder::default());
        shared.shared.bus.subscribe(heard.clone());
        let settings = page::Settings { database_url: db.url.clone() };
        let service = page::start(settings, &shared.shared).await.expect("page starts");
        shared.shared.bus.open();
        Self { client: Client::new(service.router), shared, db, heard, sequence: AtomicI64::new(1) }
    }

    /// Somebody who calls themself `id`.
    pub(crate) fn user(&self, id: &str, role: Role) -> Client {
        self.client.with_token(&self.shared.token(id, &format!("Name of {id}"), role))
    }

    pub(crate) fn admin(&self) -> Client {
        self.user("admin", Role::Admin)
    }

    /// Lets an event arrive.
    pub(crate) async fn tell<E: Event>(&self, aggregate: &str, event: E) {
        let message = Message {
            id: kit::id::new(),
            kind: E::KIND.to_owned(),
            aggregate_id: aggregate.to_owned(),
            sequence: self.sequence.fetch_add(1, Ordering::Relaxed),
            occurred_at: "2026-01-01T00:00:00Z".to_owned(),
            trace: None,
            schema_version: E::SCHEMA_VERSION,
            data: serde_json::to_value(event).expect("an event is JSON"),
        };
        self.shared.shared.bus.publish(&message).await.expect("taken");
    }

    /// Waits until the events about the page are of these kinds; answers their slugs and images.
    pub(crate) async fn heard(&self, page: &str, kinds: &[&str]) -> Vec<(String, Vec<String>)> {
        let heard = async || {
            let all = self.heard.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let about: Vec<Message> = all.into_iter().filter(|message| message.aggregate_id == page).collect();
            (about.iter().map(|message| message.kind.as_str()).eq(kinds.iter().copied())).then_some(about)
        };
        let about = eventually(&format!("hearing {kinds:?}"), heard).await;
        let facts = |message: Message| {
            let images = serde_json::from_value(message.data["images"].clone()).unwrap_or_default();
            (message.data["slug"].as_str().unwrap_or_default().to_owned(), images)
        };
        about.into_iter().map(facts).collect()
    }
}

/// Hears what the service tells.
#[derive(Default)]
struct Recorder(Mutex<Vec<Message>>);

#[async_trait]
impl Consumer for Recorder {
    fn name(&self) -> &'static str {
        "recorder"
    }

    fn kinds(&self) -> &[&'static str] {
        &[PageCreated::KIND, PageUpdated::KIND, PageDeleted::KIND]
    }

    async fn receive(&self, message: &Message) -> Result<(), DeliveryError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(message.clone());
        Ok(())
    }
}

/// A published page with this title.
pub(crate) fn published(title: &str) -> PageInput {
    PageInput {
        title: title.to_owned(),
        content: "Some *text*.".to_owned(),
        status: Some(PageStatus::Published),
        ..PageInput::default()
    }
}

pub(crate) async fn write(who: &Client, input: &PageInput) -> Page {
    who.post("/api/pages", input).await.json(201)
}

pub(crate) async fn change(who: &Client, page: &Page, input: PageInput) -> Page {
    let input = PageInput { version: Some(page.summary.version), ..input };
    who.put(&path(page), &input).await.json(200)
}

/// Where a page is changed.
pub(crate) fn path(page: &Page) -> String {
    format!("/api/pages/{}", page.summary.id)
}

/// Titles of a list.
pub(crate) async fn titles(who: &Client, path: &str) -> Vec<String> {
    who.get(path).await.json::<PageList>(200).items.into_iter().map(|page| page.title).collect()
}

/// `POST` without a body.
pub(crate) async fn act(who: &Client, path: &str) -> kit::testing::Answer {
    who.send(http::Method::POST, path, None, bytes::Bytes::new()).await
}
