//! A BFF for one test, and browsers that visit it.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::{Router, body::Body, extract::ConnectInfo};
use backend_bff::{Bff, Settings, Upstream, Upstreams};
use bytes::Bytes;
use contracts::problem::Problem;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use kit::{Clock, Secret, Shared, StartError, auth::Verifier};
use serde::de::DeserializeOwned;
use tempfile::TempDir;
use tower::ServiceExt;

use crate::{
    bundles::TestBundle,
    services::{self, Calls, PASSWORD},
};

pub(crate) const OPERATOR_TOKEN: &str = "test-operator-token";

/// A started BFF and what lies behind it.
pub(crate) struct Site {
    public: Router,
    operator: Router,
    pub(crate) calls: Arc<Calls>,
    /// Checks the access tokens of programs.
    pub(crate) verifier: Verifier,
    seconds: Arc<AtomicI64>,
    folder: TempDir,
    public_url: &'static str,
}

impl Site {
    /// With the shell, the good area and the hostile one.
    pub(crate) async fn start() -> Self {
        Self::start_at("http://localhost:8080").await
    }

    pub(crate) async fn start_at(public_url: &'static str) -> Self {
        Self::start_in(Self::folder(), public_url).await.expect("the BFF starts")
    }

    /// A folder with the three modules.
    pub(crate) fn folder() -> TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for bundle in [TestBundle::shell(), TestBundle::good(), TestBundle::hostile()] {
            bundle.write(&folder.path().join("modules"));
        }
        folder
    }

    pub(crate) async fn start_in(folder: TempDir, public_url: &'static str) -> Result<Self, StartError> {
        Self::start_with(folder, public_url, |upstreams| upstreams).await
    }

    /// With other services than the usual ones.
    pub(crate) async fn start_with(
        folder: TempDir,
        public_url: &'static str,
        change: impl FnOnce(Upstreams) -> Upstreams,
    ) -> Result<Self, StartError> {
        Self::start_as(folder, public_url, change, |settings| settings).await
    }

    /// With the usual services and other settings.
    pub(crate) async fn set(set: impl FnOnce(Settings) -> Settings) -> Self {
        let site = Self::start_as(Self::folder(), "http://localhost:8080", |usual| usual, set).await;
        site.expect("the BFF starts")
    }

    /// With other services and other settings than the usual ones.
    pub(crate) async fn start_as(
        folder: TempDir,
        public_url: &'static str,
        change: impl FnOnce(Upstreams) -> Upstreams,
        set: impl FnOnce(Settings) -> Settings,
    ) -> Result<Self, StartError> {
        let data_dir = folder.path().join("data");
        share_compiled_code(&data_dir);
        let seconds = Arc::new(AtomicI64::new(1_800_000_000));
        let calls = Arc::new(Calls::default());
        let mut shared = Shared::in_process(public_url, Secret::new("test-service-token"));
        let now = seconds.clone();
        shared.clock = Clock::from_fn(move || {
            time::OffsetDateTime::from_unix_timestamp(now.load(Ordering::SeqCst)).expect("a time")
        });
        let settings = Settings {
            data_dir,
            database_url: None,
            public_url: public_url.parse().expect("a URL"),
            site_name: "Test Hall".into(),
            modules_dir: Some(folder.path().join("modules")).filter(|modules| modules.exists()),
            compiler: None,
            rules: backend_bff::Rules::unlimited(),
            page_cache_bytes: 16 << 20,
            reconcile_at: None,
            operator_token: Secret::new(OPERATOR_TOKEN),
        };
        let upstreams = Upstreams {
            auth: Upstream::in_process(services::auth(calls.clone())),
            blog: Upstream::in_process(services::blog(calls.clone())),
            content: Upstream::in_process(services::quiet()),
            page: Upstream::in_process(services::quiet()),
            analytics: Upstream::in_process(services::quiet()),
            storage: Upstream::in_process(services::storage(calls.clone())),
        };
        let Bff { public, operator, .. } = backend_bff::start(set(settings), change(upstreams), &shared).await?;
        shared.bus.open();
        Ok(Self { public, operator, calls, verifier: shared.verifier, seconds, folder, public_url })
    }

    /// The same data in a new process.
    pub(crate) async fn restart(self) -> Result<Self, StartError> {
        self.restart_with(|upstreams| upstreams).await
    }

    /// The same, with other services than the usual ones.
    pub(crate) async fn restart_with(self, change: impl FnOnce(Upstreams) -> Upstreams) -> Result<Self, StartError> {
        let Self { folder, public_url, seconds, .. } = self;
        let site = Self::start_with(folder, public_url, change).await?;
        site.seconds.store(seconds.load(Ordering::SeqCst), Ordering::SeqCst);
        Ok(site)
    }

    /// URL of its database.
    pub(crate) fn database(&self) -> String {
        format!("sqlite://{}?mode=rwc", self.folder.path().join("data/bff.db").display())
    }

    pub(crate) fn modules(&self) -> PathBuf {
        self.folder.path().join("modules")
    }

    pub(crate) fn wait(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.public.clone(), self.public_url)
    }

    /// A browser whose user signed in as `<name>@maru.example`.
    pub(crate) async fn signed_in(&self, name: &str) -> Browser {
        let mut browser = self.browser();
        let email = format!("{name}@maru.example");
        let reply = browser.post("/forms/login", &[("email", &email), ("password", PASSWORD)]).await;
        assert_eq!(reply.status, 303);
        browser
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.browser().get(path).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        Reply::of(&self.public, request).await
    }

    /// The answer as it comes, its body still under way.
    pub(crate) async fn open(&self, request: Request<Body>) -> axum::response::Response {
        self.public.clone().oneshot(request).await.unwrap_or_else(|never| match never {})
    }

    pub(crate) async fn operate(&self, method: Method, path: &str, body: impl Into<Body>) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {OPERATOR_TOKEN}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.into())
            .expect("a request");
        Reply::of(&self.operator, request).await
    }

    pub(crate) async fn operator_raw(&self, request: Request<Body>) -> Reply {
        Reply::of(&self.operator, request).await
    }

    pub(crate) async fn publish(&self, bundle: &TestBundle) -> Reply {
        self.operate(Method::POST, "/modules", bundle.tar_gz()).await
    }

    /// Renderings and failures of a live module.
    pub(crate) async fn counters(&self, name: &str) -> (u64, u64) {
        let modules: Vec<serde_json::Value> = self.operate(Method::GET, "/modules", "").await.json();
        let module = modules.iter().find(|module| module["name"] == name && module["live"] == true);
        let module = module.expect("a live module");
        (module["renders"].as_u64().expect("a number"), module["failures"].as_u64().expect("a number"))
    }
}

/// All tests compile the same component; the first one does it for all.
pub(crate) fn share_compiled_code(data_dir: &Path) {
    let shared = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled");
    std::fs::create_dir_all(&shared).expect("a folder");
    std::fs::create_dir_all(data_dir).expect("a folder");
    let link = data_dir.join("compiled");
    if !link.exists() {
        std::os::unix::fs::symlink(shared, link).expect("a link");
    }
}

/// Keeps cookies, and says where a request comes from as browsers do.
#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    origin: &'static str,
    pub(crate) cookies: BTreeMap<String, String>,
    /// Asks for JSON, as the front end's scripts do.
    pub(crate) script: bool,
    /// Where it connects from.
    pub(crate) peer: Option<SocketAddr>,
}

impl Browser {
    pub(crate) fn new(router: Router, origin: &'static str) -> Self {
        Self { router, origin, cookies: BTreeMap::new(), script: false, peer: None }
    }

    /// Posts a form with files.
    pub(crate) async fn post_files(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Reply {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        for (name, file, bytes) in files {
            let disposition = format!("form-data; name=\"{name}\"; filename=\"{file}\"");
            let head = format!("--cut\r\nContent-Disposition: {disposition}\r\nContent-Type: image/png\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--cut--\r\n");
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::ORIGIN, self.origin)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut")
            .header(header::ACCEPT, if self.script { "application/json" } else { "text/html" });
        self.send(request, body.into()).await
    }

    pub(crate) async fn get(&mut self, path: &str) -> Reply {
        self.send(Request::builder().uri(path), Body::empty()).await
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::ORIGIN, self.origin)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, if self.script { "application/json" } else { "text/html" });
        self.send(request, body.into()).await
    }

    pub(crate) async fn send(&mut self, mut request: http::request::Builder, body: Body) -> Reply {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        if let Some(peer) = self.peer {
            request = request.extension(ConnectInfo(peer));
        }
        let reply = Reply::of(&self.router, request.body(body).expect("a request")).await;
        for set in reply.headers.get_all(header::SET_COOKIE) {
            let set = set.to_str().expect("text");
            let (name, rest) = set.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            if set.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        reply
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Reply {
    pub(crate) async fn of(router: &Router, request: Request<Body>) -> Self {
        let response = router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let (head, body) = response.into_parts();
        Self { status: head.status, headers: head.headers, body: body.collect().await.expect("a body").to_bytes() }
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().expect("text")).unwrap_or_default()
    }

    #[track_caller]
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    #[track_caller]
    pub(crate) fn problem(&self, status: u16) -> Problem {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        self.json()
    }

    /// What stands between two texts.
    #[track_caller]
    pub(crate) fn between(&self, start: &str, end: &str) -> &str {
        let text = self.text();
        let from = text.find(start).unwrap_or_else(|| panic!("no {start:?} in {text}")) + start.len();
        let to = text[from..].find(end).unwrap_or_else(|| panic!("no {end:?} after {start:?}")) + from;
        &text[from..to]
    }

    /// `maru-boot`
    #[track_caller]
    pub(crate) fn boot(&self) -> serde_json::Value {
        serde_json::from_str(self.between("id=\"maru-boot\">", "</script>")).expect("JSON")
    }

    /// `maru-data`
    #[track_caller]
    pub(crate) fn data(&self) -> serde_json::Value {
        serde_json::from_str(self.between("id=\"maru-data\">", "</script>")).expect("JSON")
    }

    /// Where the outlet's content begins.
    #[track_caller]
    pub(crate) fn outlet(&self) -> &str {
        self.between("<div id=\"maru-outlet\">", "</div><footer>")
    }
}
