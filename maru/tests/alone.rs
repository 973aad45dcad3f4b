//! Every service in a process of its own, as in production: events over a real RabbitMQ, keys and calls over HTTP.
#![expect(clippy::unwrap_used, reason = "what is not there fails the test")]

use std::{
    fs,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use contracts::{
    auth::Tokens,
    blog::{Post, PostStatus},
};
use kit::testing::{eventually, rabbitmq};
use serde_json::json;

const SERVICES: [&str; 6] = ["auth", "blog", "content", "page", "analytics", "storage"];
const TOKEN: &str = "a token that all services of this test know";

/// A process that ends with the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Site {
    folder: tempfile::TempDir,
    ports: Vec<u16>,
    client: reqwest::Client,
}

impl Site {
    fn new() -> Self {
        // All at once, so that no two are the same.
        let listeners: Vec<TcpListener> =
            (0..=SERVICES.len()).map(|_| TcpListener::bind(("127.0.0.1", 0)).unwrap()).collect();
        let ports = listeners.iter().map(|listener| listener.local_addr().unwrap().port()).collect();
        Self { folder: tempfile::tempdir().unwrap(), ports, client: reqwest::Client::new() }
    }

    fn url(&self, service: &str) -> String {
        let place = SERVICES.iter().position(|name| *name == service).unwrap_or(SERVICES.len());
        format!("http://127.0.0.1:{}", self.ports[place])
    }

    fn configuration(&self, bus: Option<&str>) -> PathBuf {
        let token = self.folder.path().join("token");
        fs::write(&token, TOKEN).unwrap();
        let bus = bus.map_or(String::new(), |bus| format!("bus = {bus:?}\n"));
        let urls: String = SERVICES.iter().map(|name| format!("{name} = {:?}\n", self.url(name))).collect();
        let file = self.folder.path().join("maru.toml");
        let text = format!("[services]\n{bus}token_file = {token:?}\n[services.urls]\n{urls}");
        fs::write(&file, text).unwrap();
        file
    }

    fn command(&self, name: &str, configuration: &PathBuf) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_maru"));
        command.arg("serve").arg("--config").arg(configuration);
        command.args(["--public-url", &self.url("bff"), "--listen"]).arg(self.url(name).trim_start_matches("http://"));
        command.arg("--data").arg(self.folder.path().join(name));
        match name {
            "bff" => command.arg("--bff"),
            service => command.args(["--service", service]),
        };
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    /// Waits until `path` of the service answers 200.
    async fn ready(&self, service: &str, path: &str) {
        let url = format!("{}{path}", self.url(service));
        eventually(&format!("{service} answering {path}"), async || {
            let answer = self.client.get(&url).send().await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn services_in_processes_of_their_own_work_together() {
    let site = Site::new();
    let configuration = site.configuration(Some(rabbitmq::url()));
    let start = |name| Process(site.command(name, &configuration).stderr(Stdio::inherit()).spawn().unwrap());
    let mut running: Vec<Process> = SERVICES.iter().map(|name| start(name)).collect();
    for service in SERVICES {
        site.ready(service, "/ready").await;
        site.ready(service, "/openapi.json").await;
    }
    running.push(start("bff"));
    // Without modules it is never ready for pages; the gateway is.
    site.ready("bff", "/_health").await;

    let account =
        json!({"email": "ada@example.com", "password": "correct horse battery", "name": "Ada", "role": "ADMIN"});
    let made = site.client.post(format!("{}/internal/users", site.url("auth"))).json(&account);
    let made = made.header("authorization", format!("Service {TOKEN}")).send().await.unwrap();
    assert!(made.status().is_success(), "{}", made.text().await.unwrap());
    let login = json!({"email": "ada@example.com", "password": "correct horse battery"});
    let tokens: Tokens = site
        .client
        .post(format!("{}/api/auth/login", site.url("bff")))
        .json(&login)
        .send()
        .await
        .unwrap()
        .error_for_status()
        .unwrap()
        .json()
        .await
        .unwrap();

    let post = json!({"title": "Alone", "content": "Text", "status": PostStatus::Public});
    let post: Post = site
        .client
        .post(format!("{}/api/posts", site.url("bff")))
        .bearer_auth(&tokens.access_token)
        .json(&post)
        .send()
        .await
        .unwrap()
        .error_for_status()
        .unwrap()
        .json()
        .await
        .unwrap();
    let renamed = site.client.put(format!("{}/api/auth/profile", site.url("bff"))).bearer_auth(&tokens.access_token);
    renamed.json(&json!({"name": "Ada L."})).send().await.unwrap().error_for_status().unwrap();
    let url = format!("{}/api/posts/{}", site.url("bff"), post.summary.slug);
    eventually("the post showing the new name", async || {
        let post: Post = site.client.get(&url).send().await.ok()?.json().await.ok()?;
        (post.summary.author_name == "Ada L.").then_some(())
    })
    .await;

    let comment = json!({"post_id": post.summary.id, "content": "Hello"});
    let comment =
        site.client.post(format!("{}/api/comments", site.url("bff"))).bearer_auth(&tokens.access_token).json(&comment);
    comment.send().await.unwrap().error_for_status().unwrap();
    eventually("the post counting its comment", async || {
        let post: Post = site.client.get(&url).send().await.ok()?.json().await.ok()?;
        (post.summary.comments == 1).then_some(())
    })
    .await;

    // Asked to end, each ends by itself and well.
    for mut process in running {
        let pid = process.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        eventually("the process ending", || {
            let ended = process.0.try_wait().unwrap();
            async move { ended.map(|status| assert!(status.success(), "{status}")) }
        })
        .await;
    }
}

#[tokio::test]
async fn a_service_alone_needs_a_bus() {
    let site = Site::new();
    let configuration = site.configuration(None);
    let output =
        tokio::task::spawn_blocking(move || site.command("blog", &configuration).output()).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("RabbitMQ"), "{said}");
}
