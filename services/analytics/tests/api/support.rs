//! A running analytics service, its neighbours, and people who come.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use analytics::Settings;
use async_trait::async_trait;
use axum::{
    Json, Router,
    extract::{Path, Request, State},
    middleware::map_request,
    routing::{get, post as on_post},
};
use contracts::{
    analytics::ViewCounted,
    blog::{InternalPosts, PostRef, PostStatus},
    content::{PostTotals, PostTotalsPage},
    events::{Event, ImagesUsed, PostFacts, PostViewsCounted},
    module::Role,
    storage::{Lookup, LookupInput, Picture},
};
use http::{HeaderName, HeaderValue, StatusCode};
use kit::{
    bus::{Consumer, DeliveryError},
    events::Message,
    id,
    testing::{Answer, Backend, Client, TestDb, TestShared},
};
use serde_json::json;

pub(crate) const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0";
pub(crate) const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, \
     like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
/// A post, its author is `author`.
pub(crate) const POST: &str = "0192f0c1-2345-7890-abcd-000000000001";
/// A post of `other`.
pub(crate) const OTHERS_POST: &str = "0192f0c1-2345-7890-abcd-000000000002";
/// A draft of `author`.
pub(crate) const DRAFT: &str = "0192f0c1-2345-7890-abcd-000000000003";
/// A notice.
pub(crate) const NOTICE: &str = "0192f0c1-2345-7890-abcd-00000000000a";

/// What the neighbours know.
#[derive(Clone, Default)]
pub(crate) struct Neighbours(Arc<Mutex<Known>>);

#[derive(Default)]
pub(crate) struct Known {
    pub(crate) posts: BTreeMap<String, PostFacts>,
    pub(crate) totals: BTreeMap<String, (u32, u32)>,
    /// Folder and uploader of each image.
    pub(crate) images: BTreeMap<String, (String, String)>,
    /// Messages that this service sent.
    pub(crate) heard: Vec<Message>,
}

impl Neighbours {
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Known) -> T) -> T {
        change(&mut self.0.lock().expect("no test panicked here"))
    }
}

/// The service on a database.
pub(crate) struct Analytics {
    pub(crate) client: Client,
    pub(crate) shared: TestShared,
    pub(crate) neighbours: Neighbours,
    pub(crate) router: Router,
    pub(crate) db: TestDb,
}

impl Analytics {
    pub(crate) async fn start(backend: Backend) -> Self {
        Self::start_with(backend, |_| ()).await
    }

    pub(crate) async fn start_with(backend: Backend, change: impl FnOnce(&mut Settings)) -> Self {
        let (db, shared) = (TestDb::new(backend).await, TestShared::new());
        let mut settings = Settings::new(db.url.clone());
        change(&mut settings);
        let neighbours = neighbours(&shared);
        let service = analytics::start(settings, &shared.shared).await.expect("analytics starts");
        shared.shared.bus.open();
        let router = service.router;
        Self { client: Client::new(router.clone()), shared, neighbours, router, db }
    }

    /// A visitor at an address with a browser.
    pub(crate) fn visitor(&self, address: &str, user_agent: &str) -> Client {
        self.visitor_with(&[("x-client-address", address), ("user-agent", user_agent)])
    }

    /// A visitor of whom the gateway says this.
    pub(crate) fn visitor_with(&self, headers: &[(&'static str, &str)]) -> Client {
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| {
                (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).expect("a header"))
            })
            .collect();
        Client::new(self.router.clone().layer(map_request(move |mut request: Request| {
            request.headers_mut().extend(headers.clone());
            async move { request }
        })))
    }

    pub(crate) fn user(&self, id: &str, role: Role) -> Client {
        self.client.with_token(&self.shared.token(id, &format!("Name of {id}"), role))
    }

    pub(crate) fn admin(&self) -> Client {
        self.user("admin", Role::Admin)
    }

    /// Delivers an event as its producer would.
    pub(crate) async fn deliver<E: Event>(&self, aggregate: &str, sequence: i64, event: &E) {
        self.publish(&message(aggregate, sequence, event)).await;
    }

    pub(crate) async fn publish(&self, message: &Message) {
        self.shared.shared.bus.publish(message).await.expect("delivered");
    }

    /// Messages of a kind that this service sent, as they came.
    pub(crate) fn heard<E: Event>(&self) -> Vec<E> {
        let heard = self.neighbours.change(|known| known.heard.clone());
        heard
            .into_iter()
            .filter(|message| message.kind == E::KIND)
            .map(|message| serde_json::from_value(message.data).expect("an event"))
            .collect()
    }
}

/// An event in its envelope.
pub(crate) fn message<E: Event>(aggregate: &str, sequence: i64, event: &E) -> Message {
    Message {
        id: id::new(),
        kind: E::KIND.to_owned(),
        aggregate_id: aggregate.to_owned(),
        sequence,
        occurred_at: "2026-11-21T00:00:00Z".to_owned(),
        trace: None,
        schema_version: E::SCHEMA_VERSION,
        data: serde_json::to_value(event).expect("an event is JSON"),
    }
}

/// A post as events tell of it.
pub(crate) fn facts(id: &str, slug: &str, author: &str, status: PostStatus) -> PostFacts {
    PostFacts {
        post_id: id.to_owned(),
        slug: slug.to_owned(),
        title: format!("Title of {slug}"),
        author_id: author.to_owned(),
        status,
        images: Vec::new(),
    }
}

pub(crate) async fn view(visitor: &Client, path: &str) -> ViewCounted {
    answer(visitor, path).await.json(200)
}

pub(crate) async fn answer(visitor: &Client, path: &str) -> Answer {
    visitor.send(http::Method::POST, path, None, axum::body::Bytes::new()).await
}

pub(crate) fn of_post(id: &str) -> String {
    format!("/api/views/post/{id}")
}

/// Blog, content, page and storage as far as this service knows them, and one who hears its events.
fn neighbours(shared: &TestShared) -> Neighbours {
    let neighbours = Neighbours::default();
    neighbours.change(|known| {
        for post in [
            facts(POST, "hello", "author", PostStatus::Public),
            facts(OTHERS_POST, "other", "other", PostStatus::Public),
            facts(DRAFT, "draft", "author", PostStatus::Draft),
        ] {
            known.posts.insert(post.post_id.clone(), post);
        }
        let screenshot = format!("/media/{}.png", "0a".repeat(20));
        known.images.insert(screenshot, ("screenshots".to_owned(), "member".to_owned()));
    });
    let peers = &shared.shared.peers;
    let blog = Router::new().route("/internal/posts", get(posts)).route("/internal/posts/{id}", get(post));
    peers.register("blog", blog.with_state(neighbours.clone()));
    let content = Router::new().route("/internal/posts/counts", get(totals));
    peers.register("content", content.with_state(neighbours.clone()));
    peers.register("page", Router::new().route("/internal/pages/{id}", get(page)));
    let storage = Router::new().route("/internal/images/lookup", on_post(lookup));
    peers.register("storage", storage.with_state(neighbours.clone()));
    shared.shared.bus.subscribe(Arc::new(Ear(neighbours.clone())));
    neighbours
}

async fn post(State(neighbours): State<Neighbours>, Path(id): Path<String>) -> Result<Json<PostRef>, StatusCode> {
    let facts = neighbours.change(|known| known.posts.get(&id).cloned()).ok_or(StatusCode::NOT_FOUND)?;
    let PostFacts { post_id: id, slug, title, author_id, status, .. } = facts;
    Ok(Json(PostRef { id, slug, title, author_id, status }))
}

async fn posts(State(neighbours): State<Neighbours>) -> Json<InternalPosts> {
    Json(InternalPosts { items: neighbours.change(|known| known.posts.values().cloned().collect()), next: None })
}

async fn totals(State(neighbours): State<Neighbours>) -> Json<PostTotalsPage> {
    let items = neighbours.change(|known| {
        let total = |(id, (comments, likes)): (&String, &(u32, u32))| PostTotals {
            post_id: id.clone(),
            comments: *comments,
            likes: *likes,
        };
        known.totals.iter().map(total).collect()
    });
    Json(PostTotalsPage { items, next: None })
}

async fn lookup(State(neighbours): State<Neighbours>, Json(input): Json<LookupInput>) -> Json<Lookup> {
    let items = neighbours.change(|known| {
        let picture = |url: String| {
            let (folder, uploader) = known.images.get(&url).cloned()?;
            Some(Picture { url, folder: Some(folder), uploader_id: Some(uploader), ..Picture::default() })
        };
        input.urls.into_iter().filter_map(picture).collect()
    });
    Json(Lookup { items })
}

async fn page(Path(id): Path<String>) -> Result<Json<serde_json::Value>, StatusCode> {
    if id != NOTICE {
        return Err(StatusCode::NOT_FOUND);
    }
    Ok(Json(json!({ "id": id, "slug": "opening", "title": "We open", "status": "PUBLISHED", "type": "NOTICE" })))
}

struct Ear(Neighbours);

#[async_trait]
impl Consumer for Ear {
    fn name(&self) -> &'static str {
        "ear"
    }

    fn kinds(&self) -> &[&'static str] {
        &[PostViewsCounted::KIND, ImagesUsed::KIND]
    }

    async fn receive(&self, message: &Message) -> Result<(), DeliveryError> {
        self.0.change(|known| known.heard.push(message.clone()));
        Ok(())
    }
}
