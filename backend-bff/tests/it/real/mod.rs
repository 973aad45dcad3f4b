//! The BFF in front of the real services, all in this process, on SQLite.

mod account;
mod api;
mod caching;
mod managing;
mod reading;
mod talking;
mod writing;

use std::{path::PathBuf, time::Duration};

use axum::Router;
use backend_bff::{Bff, Settings, Upstream, Upstreams};
use base64::{Engine, engine::general_purpose::STANDARD};
use contracts::{auth::NewUser, module::Role};
use http::{Method, Request, header};
use kit::{Secret, Service, Shared};
use serde::de::DeserializeOwned;
use serde_json::Value;
use storage::Place;
use tempfile::TempDir;

use crate::{
    services::PASSWORD,
    site::{Browser, OPERATOR_TOKEN, Reply, Site, share_compiled_code},
};

const ORIGIN: &str = "http://localhost:8080";
const TOKEN: &str = "test-service-token";

/// A whole site.
pub(crate) struct Hall {
    pub(crate) public: Router,
    pub(crate) operator: Router,
    auth: Router,
    shared: Shared,
    folder: TempDir,
}

impl Hall {
    async fn open() -> Self {
        Self::open_behind(async |_, router| Upstream::in_process(router)).await
    }

    /// With something between the BFF and its services.
    pub(crate) async fn open_behind(between: impl AsyncFn(&'static str, Router) -> Upstream) -> Self {
        let folder = Site::folder();
        let at = |name: &str| folder.path().join(name);
        let database = |name: &str| format!("sqlite://{}?mode=rwc", at(&format!("{name}.db")).display());
        let shared = Shared::in_process(ORIGIN, Secret::new(TOKEN));
        let join = |service: Service| {
            shared.peers.register(service.name, service.router.clone());
            service.router
        };
        let auth = join(auth::start(auth::Settings::new(database("auth"), at("auth")), &shared).await.expect("auth"));
        let blog = blog::Settings { database_url: database("blog"), search_dir: None, site_name: None };
        let blog = join(blog::start(blog, &shared).await.expect("blog"));
        let content =
            content::Settings { database_url: database("content"), address_secret: Secret::new("address secret") };
        let content = join(content::start(content, &shared).await.expect("content"));
        let page = join(page::start(page::Settings { database_url: database("page") }, &shared).await.expect("page"));
        let analytics = analytics::Settings::new(database("analytics"));
        let analytics = join(analytics::start(analytics, &shared).await.expect("analytics"));
        let (images, backups) = (Place::Folder(at("images")), Place::Folder(at("backups")));
        let storage = storage::Settings::new(database("storage"), images, backups);
        let storage = join(storage::start(storage, &shared).await.expect("storage"));
        let data_dir = at("data");
        share_compiled_code(&data_dir);
        let settings = Settings {
            data_dir,
            database_url: None,
            public_url: ORIGIN.parse().expect("a URL"),
            site_name: "Test Hall".into(),
            modules_dir: Some(at("modules")),
            compiler: None,
            rules: backend_bff::Rules::unlimited(),
            page_cache_bytes: 16 << 20,
            reconcile_at: None,
            operator_token: Secret::new(OPERATOR_TOKEN),
        };
        let upstreams = Upstreams {
            auth: between("auth", auth.clone()).await,
            blog: between("blog", blog).await,
            content: between("content", content).await,
            page: between("page", page).await,
            analytics: between("analytics", analytics).await,
            storage: between("storage", storage).await,
        };
        let Bff { public, operator, .. } =
            backend_bff::start(settings, upstreams, &shared).await.expect("the BFF starts");
        shared.bus.open();
        Self { public, operator, auth, shared, folder }
    }

    /// A guest whose scripts are on.
    pub(crate) fn guest(&self) -> Browser {
        let mut browser = Browser::new(self.public.clone(), ORIGIN);
        browser.script = true;
        browser.peer = Some("203.0.113.9:4711".parse().expect("an address"));
        browser
    }

    /// Somebody new, signed in.
    pub(crate) async fn member(&self, name: &str, role: Role) -> Browser {
        let input = NewUser { email: address(name), name: name.into(), password: PASSWORD.into(), role };
        let request = Request::builder()
            .method(Method::POST)
            .uri("/internal/users")
            .header(header::AUTHORIZATION, format!("Service {TOKEN}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(serde_json::to_vec(&input).expect("JSON").into())
            .expect("a request");
        let made = Reply::of(&self.auth, request).await;
        assert!(made.status.is_success(), "{}", made.text());
        let mut browser = self.guest();
        browser.done("/forms/login", &[("email", &address(name)), ("password", PASSWORD)]).await;
        browser
    }

    fn mails(&self) -> PathBuf {
        self.folder.path().join("auth/outbox-mail")
    }

    /// The token of the newest link `/<kind>/<token>` that was mailed to somebody.
    async fn mailed_token(&self, kind: &str, to: &str) -> String {
        let mark = format!("/{kind}/");
        kit::testing::eventually("a mail", || async {
            let mut files: Vec<_> = std::fs::read_dir(self.mails()).ok()?.flatten().map(|file| file.path()).collect();
            files.sort();
            files.iter().rev().find_map(|file| {
                // Quoted-printable breaks lines with `=`.
                let mail = std::fs::read_to_string(file).ok()?.replace("=\r\n", "").replace("=\n", "");
                let from = mail.find(&mark).filter(|_| mail.contains(to))? + mark.len();
                let token: String =
                    mail[from..].chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
                Some(token)
            })
        })
        .await
    }
}

impl Drop for Hall {
    fn drop(&mut self) {
        self.shared.shutdown.cancel();
    }
}

fn address(name: &str) -> String {
    format!("{name}@maru.example")
}

/// A picture that is one.
pub(crate) fn png() -> Vec<u8> {
    let text = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
    STANDARD.decode(text).expect("base64")
}

impl Browser {
    /// Posts a form that is accepted; answers where it leads and with what flash.
    async fn done(&mut self, path: &str, fields: &[(&str, &str)]) -> (String, String) {
        let reply = self.post(path, fields).await;
        outcome(&reply, path)
    }

    /// The view-model of a page.
    pub(crate) async fn page<T: DeserializeOwned>(&mut self, path: &str) -> T {
        let reply = self.get(&format!("/bff/pages{path}")).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.json()
    }

    /// Writes a public post; answers its slug.
    pub(crate) async fn publish(&mut self, title: &str, more: &[(&str, &str)]) -> String {
        let slug = title.to_lowercase().replace(' ', "-");
        let mut fields = vec![("title", title), ("slug", slug.as_str()), ("status", "PUBLIC")];
        if !more.iter().any(|(name, _)| *name == "content") {
            fields.push(("content", "Some words about it.\n\n## A part\n\nMore words."));
        }
        fields.extend(more);
        assert_eq!(self.done("/forms/posts", &fields).await.1, "post_published");
        slug
    }
}

fn outcome(reply: &Reply, path: &str) -> (String, String) {
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    let outcome: Value = reply.json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&outcome["location"]), text(&outcome["flash"]["code"]))
}

/// Asks again until `done` is so, at most a minute: events take a moment, on a busy machine a long one.
async fn until<T: DeserializeOwned>(browser: &mut Browser, path: &str, done: impl Fn(&T) -> bool) -> T {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(60);
    loop {
        let page: T = browser.page(path).await;
        if done(&page) {
            return page;
        }
        assert!(tokio::time::Instant::now() < deadline, "{path} did not come to be so");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
