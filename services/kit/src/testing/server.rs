//! Servers that live as long as the tests that need them.
//!
//! A supervisor, a shell, starts the server and reads its standard input. It ends the server and
//! removes its folder when our end of that input closes, that is, when this process is gone,
//! however it went. Told `kill` it ends the server the hard way, told `start` it starts it again on
//! the same port and data.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::Mutex,
};

/// What every supervisor does. A server's own script comes before and defines `start`, which leaves
/// the server's process id in `$server` and returns when it answers, and `finish`.
const SUPERVISE: &str = r#"
trap 'set +e; finish; kill -KILL $server 2>/dev/null; cd /; rm -rf "$folder"' EXIT
start
echo ready
while read -r order; do
    case $order in
        kill) kill -KILL $server; wait $server 2>/dev/null || true ;;
        start) start ;;
    esac
    echo done
done
"#;

/// A server of one's own.
pub struct Server {
    /// Where it is.
    pub url: String,
    control: Option<Mutex<Control>>,
}

struct Control {
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    _supervisor: Child,
}

impl Server {
    /// One that somebody else started.
    pub(super) fn elsewhere(url: String) -> Self {
        Self { url, control: None }
    }

    /// Starts a server as `user`, or as ourselves where we are not root.
    pub(super) fn start(name: &str, user: &str, script: &str, arguments: &[&str], url: String) -> Self {
        let mut command = unprivileged(user);
        let script = format!("set -eu\nfolder=$(mktemp -d \"${{TMPDIR:-/tmp}}/{name}.XXXXXX\")\n{script}{SUPERVISE}");
        command.args(["sh", "-c", &script, name]).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut supervisor = command.spawn().expect("`sh` must be there to start servers for the tests");
        let orders = supervisor.stdin.take().expect("piped above");
        let mut answers = BufReader::new(supervisor.stdout.take().expect("piped above"));
        let mut line = String::new();
        answers.read_line(&mut line).expect("the supervisor's output is readable");
        if line.trim() != "ready" {
            let mut reason = String::new();
            if let Some(mut errors) = supervisor.stderr.take() {
                let _ = errors.read_to_string(&mut reason);
            }
            panic!("{name} did not start for the tests:\n{reason}");
        }
        Self { url, control: Some(Mutex::new(Control { orders, answers, _supervisor: supervisor })) }
    }

    /// Ends it with SIGKILL.
    ///
    /// # Panics
    /// When it is not ours.
    pub fn kill(&self) {
        self.order("kill");
    }

    /// Starts it again, and returns when it answers.
    ///
    /// # Panics
    /// When it is not ours or does not start.
    pub fn restart(&self) {
        self.order("start");
    }

    fn order(&self, order: &str) {
        let control = self.control.as_ref().expect("a server of somebody else is not ours to stop");
        let mut control = control.lock().expect("nobody panicked while giving orders");
        writeln!(control.orders, "{order}").expect("the supervisor listens");
        let mut line = String::new();
        control.answers.read_line(&mut line).expect("the supervisor answers");
        assert_eq!(line.trim(), "done", "the server did not {order}");
    }
}

/// A port on loopback that is free now.
pub(super) fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port on loopback");
    listener.local_addr().expect("a bound socket has an address").port()
}

/// `env`, as the given user when we are root.
fn unprivileged(user: &str) -> Command {
    let root = std::fs::metadata("/proc/self").is_ok_and(|owner| std::os::unix::fs::MetadataExt::uid(&owner) == 0);
    if root {
        let mut command = Command::new("setpriv");
        command.args([&format!("--reuid={user}"), &format!("--regid={user}"), "--clear-groups", "--"]);
        command
    } else {
        Command::new("env")
    }
}

/// The URL in an environment variable, if there is one.
pub(super) fn configured(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|url| !url.is_empty())
}

/// The first of these that is there.
pub(super) fn program(candidates: &[&'static str], package: &str, variable: &str) -> &'static str {
    candidates.iter().find(|path| Path::new(path).exists()).unwrap_or_else(|| {
        panic!("these tests need a server: install the package `{package}`, or set {variable} to one")
    })
}
