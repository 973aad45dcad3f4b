//! A real RabbitMQ server for the tests of one process.

use std::sync::OnceLock;

use super::server::{Server, configured, free_port, program};

const VARIABLE: &str = "MARU_TEST_RABBITMQ_URL";

/// `$1`: its programs, `$2`: the port, `$3`: its distribution port, `$4`: a port for epmd of its own.
const SCRIPT: &str = r#"
programs=$1
cd "$folder"
export HOME="$folder" ERL_EPMD_PORT="$4" ERL_EPMD_ADDRESS=127.0.0.1 ERL_CRASH_DUMP=/dev/null
export RABBITMQ_NODENAME="maru-$2@localhost" RABBITMQ_NODE_IP_ADDRESS=127.0.0.1
export RABBITMQ_NODE_PORT="$2" RABBITMQ_DIST_PORT="$3" RABBITMQ_LOGS=- RABBITMQ_PID_FILE="$folder/pid"
export RABBITMQ_MNESIA_BASE="$folder/data" RABBITMQ_LOG_BASE="$folder/log"
export RABBITMQ_CONF_ENV_FILE="$folder/none" RABBITMQ_ADVANCED_CONFIG_FILE="$folder/none"
export RABBITMQ_CONFIG_FILE="$folder/rabbitmq.conf" RABBITMQ_ENABLED_PLUGINS_FILE="$folder/plugins"
export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"
echo '[].' >plugins
echo 'disk_free_limit.absolute = 1MB' >rabbitmq.conf
epmd -port "$4" </dev/null >epmd.log 2>&1 &
epmd=$!
start() {
    # One that was killed is known to epmd for a moment, and then the name is taken.
    for attempt in 1 2 3 4 5; do
        rm -f pid
        "$programs/rabbitmq-server" >server.log 2>&1 </dev/null &
        shell=$!
        while kill -0 $shell 2>/dev/null; do
            if grep -q 'Server startup complete' server.log; then
                # The script stays between us and the server.
                server=$(cat pid)
                return
            fi
            sleep 0.1
        done
        sleep 0.3
    done
    cat server.log >&2
    exit 1
}
finish() { kill -KILL $epmd $shell $(cat pid) 2>/dev/null; }
"#;

/// URL of the server; starts one when nobody did.
///
/// # Panics
/// When there is none to be had: a test never passes because it could not run.
pub fn url() -> &'static str {
    static SERVER: OnceLock<Server> = OnceLock::new();
    &SERVER.get_or_init(|| configured(VARIABLE).map_or_else(own, Server::elsewhere)).url
}

/// A server that no other test uses, to be killed.
///
/// # Panics
/// When it does not start.
pub fn own() -> Server {
    let programs = program(&["/usr/lib/rabbitmq/bin", "/opt/homebrew/opt/rabbitmq/sbin"], "rabbitmq-server", VARIABLE);
    let [port, distribution, epmd] = [free_port(), free_port(), free_port()].map(|port| port.to_string());
    let url = format!("amqp://guest:guest@127.0.0.1:{port}/%2f");
    Server::start("maru-rabbitmq", "rabbitmq", SCRIPT, &[programs, &port, &distribution, &epmd], url)
}
