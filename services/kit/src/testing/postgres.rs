//! A real PostgreSQL server for the tests of one process.

use std::{path::PathBuf, sync::OnceLock};

use super::server::{Server, configured, free_port};

/// PostgreSQL refuses root. `$1`: its programs, `$2`: the port, `$3`: `on` or `off`, whether what is
/// committed is on disk.
const SCRIPT: &str = r#"
programs=$1 port=$2 fsync=$3
cd "$folder"
"$programs/initdb" -D "$folder/data" -U maru --auth=trust -E UTF8 --locale=C.UTF-8 --no-sync >initdb.log 2>&1 ||
    { cat initdb.log >&2; exit 1; }
start() {
    # One that was killed leaves processes behind, which hold its memory for a moment.
    for attempt in 1 2 3 4 5 6 7 8 9 10; do
        "$programs/postgres" -D "$folder/data" -p "$port" -c listen_addresses=127.0.0.1 \
            -c unix_socket_directories="$folder" -c fsync="$fsync" -c max_connections=300 -c shared_buffers=32MB \
            >server.log 2>&1 </dev/null &
        server=$!
        while kill -0 $server 2>/dev/null; do
            "$programs/pg_isready" -q -h 127.0.0.1 -p "$port" && return
            sleep 0.05
        done
        sleep 0.2
    done
    cat server.log >&2
    exit 1
}
finish() { kill -QUIT $server 2>/dev/null; wait $server 2>/dev/null || true; }
"#;

/// URL of the server's `postgres` database; starts the server when nobody did.
pub(super) fn url() -> &'static str {
    static SERVER: OnceLock<Server> = OnceLock::new();
    let shared = || configured("MARU_TEST_POSTGRES_URL").map_or_else(|| start("off"), Server::elsewhere);
    &SERVER.get_or_init(shared).url
}

/// A server that no other test uses, to be killed: what it committed is on disk.
///
/// # Panics
/// When it does not start.
pub fn own() -> Server {
    start("on")
}

fn start(fsync: &str) -> Server {
    let programs = programs().display().to_string();
    let port = free_port().to_string();
    let url = format!("postgres://maru@127.0.0.1:{port}/postgres");
    Server::start("maru-postgres", "postgres", SCRIPT, &[&programs, &port, fsync], url)
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
