//! A site whose parts are processes of the built program.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use contracts::auth::Tokens;
use kit::testing::eventually;
use serde_json::json;

use crate::bundles::TestBundle;

pub(crate) const SERVICES: [&str; 6] = ["auth", "blog", "content", "page", "analytics", "storage"];
pub(crate) const TOKEN: &str = "a token that all services of this test know";

/// A process that ends with the test.
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn start(command: &mut Command) -> Self {
        Self(command.spawn().unwrap())
    }

    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    pub(crate) fn signal(&self, name: &str) {
        let pid = self.id().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    }

    /// Waits until it has ended by itself, and well.
    pub(crate) async fn ended(self) {
        self.ended_with(Some(0)).await;
    }

    pub(crate) async fn ended_with(mut self, code: Option<i32>) {
        let ended = eventually("the process ending", || {
            let ended = self.0.try_wait().unwrap();
            async move { ended }
        });
        assert_eq!(ended.await.code(), code);
    }

    /// Asks it to end, and waits until it has.
    pub(crate) async fn end(self) {
        self.signal("-TERM");
        self.ended().await;
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) struct Site {
    pub(crate) folder: tempfile::TempDir,
    ports: Vec<u16>,
    /// Held for the processes, or empty: then they listen by themselves.
    sockets: Vec<TcpListener>,
    pub(crate) client: reqwest::Client,
}

impl Site {
    /// Whose processes listen by themselves.
    pub(crate) fn new() -> Self {
        Self { sockets: Vec::new(), ..Self::holding_sockets() }
    }

    /// Whose sockets this test holds, however often a process ends and starts.
    pub(crate) fn holding_sockets() -> Self {
        // All at once, so that no two are the same.
        let sockets: Vec<TcpListener> =
            (0..=SERVICES.len()).map(|_| TcpListener::bind(("127.0.0.1", 0)).unwrap()).collect();
        let ports = sockets.iter().map(|socket| socket.local_addr().unwrap().port()).collect();
        let folder = tempfile::tempdir().unwrap();
        share_compiled_code(&folder.path().join("bff/bff"));
        Self { folder, ports, sockets, client: reqwest::Client::new() }
    }

    /// Starts a part on the socket that is held for it, and waits until it listens: another may be at it as well,
    /// so asking would not do.
    pub(crate) async fn start_inheriting(&self, name: &str, command: &Command) -> Process {
        let mut command = inheriting(command, &self.sockets[place(name)]);
        let mut process = Process::start(command.stdout(Stdio::piped()).stderr(Stdio::inherit()));
        let mut lines = BufReader::new(process.0.stdout.take().unwrap()).lines().map_while(Result::ok);
        let listening = tokio::task::spawn_blocking(move || {
            let listening = lines.any(|line| line.contains("listening on"));
            // Whatever else it says must not fill the pipe.
            std::thread::spawn(move || lines.for_each(drop));
            listening
        });
        assert!(listening.await.unwrap(), "{name} ended before it listened");
        process
    }

    /// An admin, who signed in.
    pub(crate) async fn admin(&self) -> Tokens {
        let account =
            json!({"email": "ada@example.com", "password": "correct horse battery", "name": "Ada", "role": "ADMIN"});
        let made = self.client.post(format!("{}/internal/users", self.url("auth"))).json(&account);
        let made = made.header("authorization", format!("Service {TOKEN}")).send().await.unwrap();
        assert!(made.status().is_success(), "{}", made.text().await.unwrap());
        let login = json!({"email": "ada@example.com", "password": "correct horse battery"});
        let login = self.client.post(format!("{}/api/auth/login", self.url("bff"))).json(&login);
        login.send().await.unwrap().error_for_status().unwrap().json().await.unwrap()
    }

    pub(crate) fn url(&self, service: &str) -> String {
        format!("http://127.0.0.1:{}", self.ports[place(service)])
    }

    pub(crate) fn configuration(&self, bus: Option<&str>) -> PathBuf {
        let token = self.folder.path().join("token");
        fs::write(&token, TOKEN).unwrap();
        let bus = bus.map_or(String::new(), |bus| format!("bus = {bus:?}\n"));
        let urls: String = SERVICES.iter().map(|name| format!("{name} = {:?}\n", self.url(name))).collect();
        let file = self.folder.path().join("maru.toml");
        let text = format!("[services]\n{bus}token_file = {token:?}\n[services.urls]\n{urls}");
        fs::write(&file, text).unwrap();
        file
    }

    pub(crate) fn command(&self, name: &str, configuration: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_maru"));
        command.arg("serve").arg("--config").arg(configuration);
        command.args(["--public-url", &self.url("bff"), "--listen"]).arg(self.url(name).trim_start_matches("http://"));
        command.arg("--data").arg(self.folder.path().join(name));
        match name {
            "bff" => command.arg("--bff"),
            service => command.args(["--service", service]),
        };
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit());
        command
    }

    /// Waits until `path` of the service answers 200.
    pub(crate) async fn ready(&self, service: &str, path: &str) {
        let url = format!("{}{path}", self.url(service));
        good(&url).await;
    }
}

/// Waits until `url` answers 200: a first start compiles modules.
async fn good(url: &str) {
    let deadline = Instant::now() + Duration::from_secs(120);
    while !reqwest::get(url).await.is_ok_and(|answer| answer.status().is_success()) {
        assert!(Instant::now() < deadline, "{url} is not well within two minutes");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// All tests render with the same component; the first one compiles it for all.
fn share_compiled_code(bff: &Path) {
    let shared = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled");
    fs::create_dir_all(&shared).unwrap();
    fs::create_dir_all(bff).unwrap();
    std::os::unix::fs::symlink(shared, bff.join("compiled")).unwrap();
}

/// The BFF comes after the services.
fn place(part: &str) -> usize {
    SERVICES.iter().position(|name| *name == part).unwrap_or(SERVICES.len())
}

/// Everything in one process, on a socket that this test holds for it.
pub(crate) struct Whole {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) url: String,
    socket: TcpListener,
}

impl Whole {
    /// With the test's modules; not started yet.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for bundle in [TestBundle::shell(), TestBundle::good()] {
            bundle.write(&folder.path().join("modules"));
        }
        share_compiled_code(&folder.path().join("data/bff"));
        let socket = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", socket.local_addr().unwrap());
        Self { folder, url, socket }
    }

    /// What it writes to the standard error.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Starts it as a supervisor does that holds the socket, and waits until it is ready.
    pub(crate) async fn start(&self) -> Process {
        let process = self.begin();
        self.ready().await;
        process
    }

    /// The same without waiting.
    pub(crate) fn begin(&self) -> Process {
        let mut command = inheriting(&self.command(), &self.socket);
        Process::start(command.stdout(Stdio::null()).stderr(self.log_file()))
    }

    /// Starts it so that it listens by itself, and waits until it is ready; answers where it is then.
    pub(crate) async fn start_listening(&self) -> (Process, SocketAddr) {
        let address = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
        let mut command = self.command();
        command.args(["--listen", &address.to_string()]).stdin(Stdio::null());
        let process = Process::start(command.stdout(Stdio::null()).stderr(self.log_file()));
        good(&format!("http://{address}/_ready")).await;
        (process, address)
    }

    fn log_file(&self) -> fs::File {
        fs::OpenOptions::new().create(true).append(true).open(self.folder.path().join("log")).unwrap()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_maru"));
        command.arg("serve").arg("--config").arg(self.folder.path().join("maru.toml"));
        command.args(["--operator-listen", "127.0.0.1:0", "--public-url", &self.url]);
        command.arg("--data").arg(self.folder.path().join("data"));
        command.arg("--modules").arg(self.folder.path().join("modules"));
        command
    }

    pub(crate) async fn ready(&self) {
        good(&format!("{}/_ready", self.url)).await;
    }

    /// Writes the configuration. Where it says nothing of limits there are none: one address stands for many visitors.
    pub(crate) fn configure(&self, toml: &str) {
        let limits = if toml.contains("[limits") { "" } else { "\n[limits]\nenabled = false\n" };
        fs::write(self.folder.path().join("maru.toml"), [toml, limits].concat()).unwrap();
    }

    /// Makes the first admin with the one-time link; answers the cookie of their session.
    pub(crate) async fn set_up(&self) -> String {
        let token = fs::read_to_string(self.folder.path().join("data/auth/setup-token")).unwrap();
        let form = [
            ("token", token.trim()),
            ("email", "ada@example.com"),
            ("name", "Ada"),
            ("password", "correct horse battery"),
        ];
        let answer = self.post("/forms/setup", &form, "").await;
        let cookies = answer.headers().get_all("set-cookie").iter();
        let cookies: Vec<&str> = cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next()).collect();
        let cookies = cookies.join("; ");
        assert!(answer.status().is_success() && !cookies.is_empty(), "{}", answer.text().await.unwrap());
        cookies
    }

    /// Posts a form as a browser's script does.
    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)], cookies: &str) -> reqwest::Response {
        let body: Vec<String> = form
            .iter()
            .map(|(name, value)| format!("{name}={}", value.replace('@', "%40").replace(' ', "+")))
            .collect();
        let client = reqwest::Client::new().post(format!("{}{path}", self.url));
        let client = client.header("origin", &self.url).header("accept", "application/json").header("cookie", cookies);
        let client = client.header("content-type", "application/x-www-form-urlencoded").body(body.join("&"));
        client.send().await.unwrap()
    }
}

/// `command` as it is started by somebody who holds its socket: systemd and the like.
pub(crate) fn inheriting(command: &Command, socket: &TcpListener) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", "exec 3<&0 0</dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$@\"", "sh"]);
    shell.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell.stdin(Stdio::from(std::os::fd::OwnedFd::from(socket.try_clone().unwrap())));
    shell
}
