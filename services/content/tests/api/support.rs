//! A running content service and people who use it.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use async_trait::async_trait;
use bytes::Bytes;
use contracts::{
    blog::PostStatus,
    content::{CLIENT_ADDRESS, Comment, CommentInput, CommentPage, CommentSettings, GuestProof, WRITER_TOKEN, Written},
    events::{CommentCreated, CommentDeleted, Event, LikeToggled, PostFacts},
    module::Role,
};
use http::Method;
use kit::{
    Secret,
    bus::{Consumer, DeliveryError},
    events::Message,
    testing::{Answer, Backend, Client, TestDb, TestShared, eventually},
};

use crate::neighbours::Neighbours;

/// The service on an empty database.
pub(crate) struct Content {
    pub(crate) client: Client,
    pub(crate) shared: TestShared,
    pub(crate) db: TestDb,
    pub(crate) others: Neighbours,
    heard: Arc<Recorder>,
    sequence: AtomicI64,
}

impl Content {
    pub(crate) async fn start(backend: Backend) -> Self {
        let (db, shared, others) = (TestDb::new(backend).await, TestShared::new(), Neighbours::default());
        others.register(&shared.shared.peers);
        let heard = Arc::new(Recorder::default());
        shared.shared.bus.subscribe(heard.clone());
        let settings =
            content::Settings { database_url: db.url.clone(), address_secret: Secret::new("secret of the tests") };
        let service = content::start(settings, &shared.shared).await.expect("content starts");
        shared.shared.bus.open();
        // A fixed address, so that no test depends on what a missing one means.
        let client = Client::new(service.router).with_header(CLIENT_ADDRESS, "192.0.2.1");
        Self { client, shared, db, others, heard, sequence: AtomicI64::new(1) }
    }

    /// Somebody who calls themself `id`.
    pub(crate) fn user(&self, id: &str, role: Role) -> Client {
        self.client.with_token(&self.shared.token(id, &format!("Name of {id}"), role))
    }

    pub(crate) fn reader(&self, id: &str) -> Client {
        self.user(id, Role::User)
    }

    pub(crate) fn author(&self) -> Client {
        self.user("author", Role::Author)
    }

    pub(crate) fn admin(&self) -> Client {
        self.user("admin", Role::Admin)
    }

    /// A guest from an address of their own.
    pub(crate) fn guest(&self, address: &str) -> Client {
        self.client.with_header(CLIENT_ADDRESS, address)
    }

    /// A public post of `author`.
    pub(crate) fn post(&self) -> PostFacts {
        self.others.post("author", PostStatus::Public)
    }

    /// Lets an event arrive, as its owner tells it after all others.
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

    /// Comments and likes as the last events about the post say.
    pub(crate) async fn heard(&self, post: &str, comments: u32, likes: u32) {
        let what = format!("hearing of {comments} comments and {likes} likes");
        eventually(&what, async || (self.heard.last(post) == (comments, likes)).then_some(())).await;
    }

    /// The settings with a change.
    pub(crate) async fn set(&self, change: impl FnOnce(&mut CommentSettings)) {
        let mut settings: CommentSettings = self.admin().get("/api/comments/settings").await.json(200);
        change(&mut settings);
        self.admin().put("/api/comments/settings", &settings).await.json::<CommentSettings>(200);
    }
}

/// Hears what the service tells.
#[derive(Default)]
struct Recorder(Mutex<Vec<Message>>);

impl Recorder {
    fn last(&self, post: &str) -> (u32, u32) {
        let (mut comments, mut likes) = (0, 0);
        for message in self.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            if message.aggregate_id == post {
                let number = |field: &str| message.data[field].as_u64().and_then(|n| u32::try_from(n).ok());
                comments = number("comments").unwrap_or(comments);
                likes = number("likes").unwrap_or(likes);
            }
        }
        (comments, likes)
    }
}

#[async_trait]
impl Consumer for Recorder {
    fn name(&self) -> &'static str {
        "recorder"
    }

    fn kinds(&self) -> &[&'static str] {
        &[CommentCreated::KIND, CommentDeleted::KIND, LikeToggled::KIND]
    }

    async fn receive(&self, message: &Message) -> Result<(), DeliveryError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(message.clone());
        Ok(())
    }
}

/// A comment with this text.
pub(crate) fn input(post: &PostFacts, text: &str) -> CommentInput {
    CommentInput { post_id: post.post_id.clone(), content: text.to_owned(), ..CommentInput::default() }
}

/// The same, by a guest.
pub(crate) fn by_guest(post: &PostFacts, text: &str) -> CommentInput {
    CommentInput { guest_name: Some("손님".into()), guest_password: Some("pass word".into()), ..input(post, text) }
}

/// An answer to `parent`.
pub(crate) fn answer(post: &PostFacts, parent: &Comment, text: &str) -> CommentInput {
    CommentInput { parent_id: Some(parent.id.clone()), ..input(post, text) }
}

/// Writes a comment.
pub(crate) async fn write(who: &Client, input: &CommentInput) -> Comment {
    who.post("/api/comments", input).await.json::<Written>(201).comment
}

/// Writes a comment as a guest; the comment, and the guest as known from now on.
pub(crate) async fn write_as_guest(guest: &Client, input: &CommentInput) -> (Comment, Client) {
    let written: Written = guest.post("/api/comments", input).await.json(201);
    let token = written.writer_token.expect("a guest gets a token");
    (written.comment, guest.with_header(WRITER_TOKEN, &token))
}

/// The comments of a post.
pub(crate) async fn list(who: &Client, post: &PostFacts) -> CommentPage {
    who.get(&format!("/api/comments/post/{}", post.post_id)).await.json(200)
}

/// What a caller sees: `text(answer answer)`, `-` for a placeholder, `@name` for a mention.
pub(crate) async fn seen(who: &Client, post: &PostFacts) -> String {
    outline(&list(who, post).await.items)
}

pub(crate) fn outline(comments: &[Comment]) -> String {
    let one = |comment: &Comment| {
        let text = comment.html.trim().trim_start_matches("<p>").trim_end_matches("</p>");
        let text = if comment.is_deleted { "-" } else { text };
        let mention = comment.mention.as_ref().map(|name| format!("@{name}")).unwrap_or_default();
        let replies =
            if comment.replies.is_empty() { String::new() } else { format!("({})", outline(&comment.replies)) };
        format!("{text}{mention}{replies}")
    };
    comments.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// Where a comment is.
pub(crate) fn path(comment: &Comment) -> String {
    format!("/api/comments/{}", comment.id)
}

/// `DELETE` with the password of a guest.
pub(crate) async fn delete_with(who: &Client, path: &str, password: &str) -> Answer {
    let body = serde_json::to_vec(&GuestProof { password: password.to_owned() }).expect("a body is JSON");
    who.send(Method::DELETE, path, Some("application/json"), Bytes::from(body)).await
}

/// `POST` without a body.
pub(crate) async fn act(who: &Client, path: &str) -> Answer {
    who.send(Method::POST, path, None, Bytes::new()).await
}
