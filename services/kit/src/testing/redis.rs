//! A real Redis server for the tests of one process.

use std::sync::OnceLock;

use super::server::{Server, configured, free_port, program};

const VARIABLE: &str = "MARU_TEST_REDIS_URL";

/// `$1`: the program, `$2`: the port.
const SCRIPT: &str = r#"
program=$1 port=$2
cd "$folder"
start() {
    "$program" --port "$port" --bind 127.0.0.1 --dir "$folder" --save '' --appendonly no --daemonize no >server.log 2>&1 </dev/null &
    server=$!
    until grep -q 'Ready to accept connections' server.log; do
        kill -0 $server 2>/dev/null || { cat server.log >&2; exit 1; }
        sleep 0.02
    done
}
finish() { :; }
"#;

/// URL of the server; starts one when nobody did.
///
/// # Panics
/// When there is none to be had.
pub fn url() -> &'static str {
    static SERVER: OnceLock<Server> = OnceLock::new();
    &SERVER.get_or_init(|| configured(VARIABLE).map_or_else(own, Server::elsewhere)).url
}

/// A server that no other test uses, to be killed.
///
/// # Panics
/// When it does not start.
pub fn own() -> Server {
    let redis = program(&["/usr/bin/redis-server", "/opt/homebrew/bin/redis-server"], "redis-server", VARIABLE);
    let port = free_port().to_string();
    Server::start("maru-redis", "redis", SCRIPT, &[redis, &port], format!("redis://127.0.0.1:{port}/"))
}
