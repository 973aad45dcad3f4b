//! A running auth service and people who use it.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use auth::Settings;
use axum::{Router, body::Body};
use contracts::{
    auth::{AuthSettings, LoginInput, NewUser, RefreshInput, RegisterInput, Tokens},
    module::Role,
};
use http::Request;
use http_body_util::BodyExt;
use kit::{
    bus::{Consumer, DeliveryError},
    events::Message,
    testing::{Answer, Backend, Client, TestDb, TestShared, eventually},
};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::eml::Mail;

pub(crate) const PASSWORD: &str = "correct horse battery";

/// The service on an empty database.
pub(crate) struct Auth {
    pub(crate) client: Client,
    pub(crate) router: Router,
    pub(crate) shared: TestShared,
    pub(crate) db: TestDb,
    pub(crate) data: TempDir,
}

impl Auth {
    pub(crate) async fn start(backend: Backend) -> Self {
        Self::start_with(backend, |_| ()).await
    }

    /// The service with other settings.
    pub(crate) async fn start_with(backend: Backend, change: impl FnOnce(&mut Settings)) -> Self {
        Self::start_on(TestDb::new(backend).await, tempfile::tempdir().expect("a folder"), change).await
    }

    /// The service on what an earlier one left.
    async fn start_on(db: TestDb, data: TempDir, change: impl FnOnce(&mut Settings)) -> Self {
        let shared = TestShared::new();
        let mut settings = Settings::new(db.url.clone(), data.path());
        change(&mut settings);
        let service = auth::start(settings, &shared.shared).await.expect("auth starts");
        Self { client: Client::new(service.router.clone()), router: service.router, shared, db, data }
    }

    pub(crate) async fn restart(self) -> Self {
        let Self { shared, db, data, .. } = self;
        shared.shared.shutdown.cancel();
        Self::start_on(db, data, |_| ()).await
    }

    pub(crate) async fn register(&self, email: &str) -> Tokens {
        self.try_register(email, "Somebody", PASSWORD).await.json(201)
    }

    pub(crate) async fn try_register(&self, email: &str, name: &str, password: &str) -> Answer {
        let input = RegisterInput {
            email: email.into(),
            name: name.into(),
            password: password.into(),
            ..RegisterInput::default()
        };
        self.client.post("/api/auth/register", &input).await
    }

    pub(crate) async fn login(&self, email: &str, password: &str) -> Answer {
        let input = LoginInput { email: email.into(), password: password.into(), ..LoginInput::default() };
        self.client.post("/api/auth/login", &input).await
    }

    pub(crate) async fn refresh(&self, refresh_token: &str) -> Answer {
        let input = RefreshInput { refresh_token: refresh_token.into() };
        self.client.post("/api/auth/refresh-token", &input).await
    }

    pub(crate) async fn logout(&self, refresh_token: &str) -> Answer {
        self.client.post("/api/auth/logout", &RefreshInput { refresh_token: refresh_token.into() }).await
    }

    pub(crate) fn signed_in(&self, tokens: &Tokens) -> Client {
        self.client.with_token(&tokens.access_token)
    }

    /// An account with this role, signed in.
    pub(crate) async fn member(&self, email: &str, role: Role) -> Tokens {
        let name = email.split('@').next().unwrap_or_default().to_owned();
        let user = NewUser { email: email.into(), name, password: PASSWORD.into(), role };
        self.client.service().post("/internal/users", &user).await.json::<contracts::auth::Me>(201);
        self.login(email, PASSWORD).await.json(200)
    }

    /// Changes the settings as an admin.
    pub(crate) async fn decide(&self, admin: &Tokens, change: impl FnOnce(&mut AuthSettings)) -> AuthSettings {
        let client = self.signed_in(admin);
        let mut settings: AuthSettings = client.get("/api/auth/settings").await.json(200);
        change(&mut settings);
        client.put("/api/auth/settings", &settings).await.json(200)
    }

    /// `GET` with headers of one's own.
    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().uri(path).header("x-request-id", "test-request");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).expect("a request");
        let response = self.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let (head, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        Answer { status: head.status, headers: head.headers, body }
    }

    /// Mails so far, oldest first.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        let mut files: Vec<_> = std::fs::read_dir(self.data.path().join("outbox-mail"))
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
            .collect();
        files.sort();
        files.iter().map(|path| Mail::parse(&std::fs::read_to_string(path).expect("a mail"))).collect()
    }

    /// The `n`th mail to this address, once it is there.
    pub(crate) async fn mail(&self, to: &str, n: usize) -> Mail {
        eventually(&format!("mail {n} to {to}"), || async {
            self.mails().into_iter().filter(|mail| mail.to == to).nth(n - 1)
        })
        .await
    }

    /// Waits until every mail so far has left, and every wish is fulfilled.
    pub(crate) async fn settle(&self) {
        let db = self.db.connect().await;
        eventually("an empty queue", || async {
            let query = "SELECT (SELECT COUNT(*) FROM mail_wishes)
                + (SELECT COUNT(*) FROM mails WHERE failed_at IS NULL) AS n";
            (kit::db::sql::number(db.read(), query, []).await.expect("counted") == 0).then_some(())
        })
        .await;
    }
}

/// Keeps every event that it is told.
#[derive(Default)]
pub(crate) struct Listener(Mutex<Vec<Message>>);

impl Listener {
    /// One that hears what the service tells from now on.
    pub(crate) fn on(auth: &Auth) -> Arc<Self> {
        let listener = Arc::new(Self::default());
        auth.shared.shared.bus.subscribe(listener.clone());
        auth.shared.shared.bus.open();
        listener
    }

    /// The first `n` events of this kind, once they are there.
    pub(crate) async fn heard(&self, kind: &str, n: usize) -> Vec<Message> {
        eventually(&format!("{n} × {kind}"), || async {
            let heard = self.0.lock().expect("not poisoned").clone();
            let heard: Vec<_> = heard.into_iter().filter(|message| message.kind == kind).collect();
            (heard.len() >= n).then_some(heard)
        })
        .await
    }
}

#[async_trait]
impl Consumer for Listener {
    fn name(&self) -> &'static str {
        "listener"
    }

    fn kinds(&self) -> &[&'static str] {
        contracts::events::KINDS
    }

    async fn receive(&self, message: &Message) -> Result<(), DeliveryError> {
        self.0.lock().expect("not poisoned").push(message.clone());
        Ok(())
    }
}
