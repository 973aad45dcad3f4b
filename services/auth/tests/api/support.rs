//! A running auth service and people who use it.

use contracts::auth::{LoginInput, RefreshInput, RegisterInput, Tokens};
use kit::testing::{Answer, Backend, Client, TestDb, TestShared};
use tempfile::TempDir;

pub(crate) const PASSWORD: &str = "correct horse battery";

/// The service on an empty database.
pub(crate) struct Auth {
    pub(crate) client: Client,
    pub(crate) shared: TestShared,
    pub(crate) db: TestDb,
    pub(crate) data: TempDir,
}

impl Auth {
    pub(crate) async fn start(backend: Backend) -> Self {
        Self::start_on(TestDb::new(backend).await, tempfile::tempdir().expect("a folder")).await
    }

    /// The service on what an earlier one left.
    pub(crate) async fn start_on(db: TestDb, data: TempDir) -> Self {
        let shared = TestShared::new();
        let settings = auth::Settings { database_url: db.url.clone(), data_dir: data.path().to_owned() };
        let service = auth::start(settings, &shared.shared).await.expect("auth starts");
        Self { client: Client::new(service.router), shared, db, data }
    }

    pub(crate) async fn restart(self) -> Self {
        Self::start_on(self.db, self.data).await
    }

    pub(crate) async fn register(&self, email: &str) -> Tokens {
        self.try_register(email, "Somebody", PASSWORD).await.json(201)
    }

    pub(crate) async fn try_register(&self, email: &str, name: &str, password: &str) -> Answer {
        let input = RegisterInput { email: email.into(), name: name.into(), password: password.into(), ..RegisterInput::default() };
        self.client.post("/api/auth/register", &input).await
    }

    pub(crate) async fn login(&self, email: &str, password: &str) -> Answer {
        self.client.post("/api/auth/login", &LoginInput { email: email.into(), password: password.into(), ..LoginInput::default() }).await
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
}
