//! Servers that the tests talk to: a sign-in provider and a mail server, run by node.

use std::{path::PathBuf, process::Stdio};

use kit::testing::eventually;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    sync::Mutex,
};

/// A server that ends with the test, since its standard input does.
pub(crate) struct Server {
    /// What it said first: where it is.
    pub(crate) place: String,
    lines: Mutex<Lines<BufReader<ChildStdout>>>,
    _input: ChildStdin,
    _process: Child,
}

impl Server {
    /// Runs a script of `tests/servers`.
    pub(crate) async fn start(script: &str, arguments: &[&str]) -> Self {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/servers");
        assert!(
            folder.join("node_modules").is_dir(),
            "run `npm ci` in {} (`cargo xtask test --only deps` does it)",
            folder.display()
        );
        let mut process = Command::new("node")
            .arg(script)
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("node runs");
        let input = process.stdin.take().expect("piped");
        let mut lines = BufReader::new(process.stdout.take().expect("piped")).lines();
        let place = lines.next_line().await.expect("readable").unwrap_or_else(|| panic!("{script} says where it is"));
        Self { place, lines: Mutex::new(lines), _input: input, _process: process }
    }

    /// The next line that it says.
    pub(crate) async fn line(&self) -> String {
        let mut lines = self.lines.lock().await;
        let next = tokio::time::timeout(std::time::Duration::from_secs(20), lines.next_line());
        next.await.expect("a line within twenty seconds").expect("readable").expect("it still runs")
    }
}

/// A port on loopback that nobody has.
pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("bound").port()
}

/// Waits until the number that a query counts is this one.
pub(crate) async fn counted(db: &kit::db::Db, query: &str, wanted: i64) {
    eventually(&format!("{wanted} of {query}"), || async {
        let n = kit::db::sql::number(db.read(), query, []).await.expect("counted");
        (n == wanted).then_some(())
    })
    .await;
}
