//! A real PostgreSQL server for the tests of one process.

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

/// Holds the server's life: it ends when our end of its standard input closes, that is, when this
/// process is gone, however it went.
struct Server {
    url: String,
    _supervisor: Option<Child>,
}

/// Runs as an unprivileged user, since PostgreSQL refuses root. `$1`: its programs, `$2`: the port.
const SUPERVISOR: &str = r#"
set -eu
folder=$(mktemp -d "${TMPDIR:-/tmp}/maru-postgres.XXXXXX")
cd "$folder"
"$1/initdb" -D "$folder/data" -U maru --auth=trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/initdb.log" 2>&1 ||
    { cat "$folder/initdb.log" >&2; exit 1; }
"$1/postgres" -D "$folder/data" -p "$2" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$folder" \
    -c fsync=off -c max_connections=400 -c shared_buffers=32MB >"$folder/server.log" 2>&1 </dev/null &
server=$!
trap 'kill -QUIT $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$folder"' EXIT
until "$1/pg_isready" -q -h 127.0.0.1 -p "$2"; do
    kill -0 $server 2>/dev/null || { cat "$folder/server.log" >&2; exit 1; }
    sleep 0.05
done
echo ready
cat >/dev/null
"#;

/// URL of the server's `postgres` database; starts the server when nobody did.
pub(super) fn url() -> &'static str {
    static SERVER: OnceLock<Server> = OnceLock::new();
    &SERVER
        .get_or_init(|| match std::env::var("MARU_TEST_POSTGRES_URL") {
            Ok(url) if !url.is_empty() => Server { url, _supervisor: None },
            _ => start(),
        })
        .url
}

fn start() -> Server {
    let programs = programs();
    let port = free_port();
    let mut command = unprivileged();
    command.args(["sh", "-c", SUPERVISOR, "maru-postgres"]).arg(&programs).arg(port.to_string());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut supervisor = command.spawn().expect("`sh` must be there to start PostgreSQL for the tests");
    let mut line = String::new();
    let output = supervisor.stdout.as_mut().expect("piped above");
    BufReader::new(output).read_line(&mut line).expect("the supervisor's output is readable");
    if line.trim() != "ready" {
        let mut reason = String::new();
        if let Some(mut errors) = supervisor.stderr.take() {
            let _ = errors.read_to_string(&mut reason);
        }
        panic!("PostgreSQL from {} did not start for the tests:\n{reason}", programs.display());
    }
    Server { url: format!("postgres://maru@127.0.0.1:{port}/postgres"), _supervisor: Some(supervisor) }
}

fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> =
        versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists()).collect();
    found.sort();
    found.pop().expect(
        "these tests need PostgreSQL: install the package `postgresql`, or set MARU_TEST_POSTGRES_URL to a server \
         where databases may be created",
    )
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port on loopback");
    listener.local_addr().expect("a bound socket has an address").port()
}

/// `env`, as the user `postgres` when we are root.
fn unprivileged() -> Command {
    let root = std::fs::metadata("/proc/self").is_ok_and(|owner| std::os::unix::fs::MetadataExt::uid(&owner) == 0);
    if root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]);
        command
    } else {
        Command::new("env")
    }
}
