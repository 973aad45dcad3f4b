//! A PostgreSQL server of our own, for as long as something is measured.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

/// PostgreSQL refuses root. `$1`: its programs, `$2`: the port, then the databases to make. It ends, and
/// its folder goes, when our end of its input closes. Nothing is measured that waits for a disk.
const SCRIPT: &str = r#"
set -eu
programs=$1 port=$2
shift 2
folder=$(mktemp -d "${TMPDIR:-/tmp}/maru-bench.XXXXXX")
cd "$folder"
server=
trap 'kill -QUIT $server 2>/dev/null; wait $server 2>/dev/null || true; cd /; rm -rf "$folder"' EXIT
"$programs/initdb" -D data -U maru --auth=trust -E UTF8 --locale=C.UTF-8 --no-sync >initdb.log 2>&1
"$programs/postgres" -D data -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$folder" \
    -c fsync=off -c max_connections=200 >server.log 2>&1 </dev/null &
server=$!
until "$programs/pg_isready" -q -h 127.0.0.1 -p "$port"; do kill -0 $server; sleep 0.1; done
for name in "$@"; do "$programs/createdb" -h 127.0.0.1 -p "$port" -U maru "$name"; done
echo ready
cat >/dev/null
"#;

/// A running server; ends with us.
pub(super) struct Cluster {
    supervisor: Child,
    port: u16,
}

impl Cluster {
    /// Starts one with these databases, empty.
    pub(super) fn start(databases: &[&str]) -> Result<Self> {
        let port = std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut command = unprivileged();
        command.args(["sh", "-c", SCRIPT, "maru-bench"]).arg(programs()?).arg(port.to_string()).args(databases);
        let mut supervisor = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let output = supervisor.stdout.take().context("its output is piped")?;
        let said = BufReader::new(output).lines().next().transpose()?;
        if said.as_deref() != Some("ready") {
            supervisor.wait()?;
            bail!("PostgreSQL did not start");
        }
        Ok(Self { supervisor, port })
    }

    /// Where a database is.
    pub(super) fn url(&self, database: &str) -> String {
        format!("postgres://maru@127.0.0.1:{}/{database}", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // The end of its input is what it waits for.
        drop(self.supervisor.stdin.take());
        let _ = self.supervisor.wait();
    }
}

fn programs() -> Result<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> =
        versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists()).collect();
    found.sort();
    found.pop().context("PostgreSQL is missing: install the package `postgresql`")
}

/// `env`, as the user `postgres` when we are root.
fn unprivileged() -> Command {
    let root = std::fs::metadata("/proc/self").is_ok_and(|owner| std::os::unix::fs::MetadataExt::uid(&owner) == 0);
    if root && Path::new("/usr/bin/setpriv").exists() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]);
        command
    } else {
        Command::new("env")
    }
}
