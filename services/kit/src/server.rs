//! Answers HTTP on a listener until told to stop, then lets running answers end.
//!
//! Clients are waited for only so long ([`Patience`]), have only so many connections ([`Admission`]), and are
//! refused what could be read in two ways.

mod admission;
mod door;
mod lanes;
mod streams;
mod strict;
mod talk;
mod tls;

use std::{io::Write, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use tokio::{
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use admission::Admission;
use admission::Admitted;
pub use door::{Door, KEEP_IDLE, Patience};
pub use lanes::{Lanes, PerLane};
use talk::talk;
pub use tls::{Tls, TlsError};

/// How long a connection that is open when the process is to end may still bring a request: it was perhaps made
/// at that moment, or its client does not know yet. And for how long connections are still taken that nobody else
/// would answer.
const LINGER: Duration = Duration::from_millis(500);
/// How long to wait before accepting again when the system has no room for another connection.
const NO_ROOM_PAUSE: Duration = Duration::from_millis(100);
/// Most headers of a request.
const MOST_HEADERS: usize = 100;
/// What a connection gets for which there is no room.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// Serves what is behind `door` until `stop` is cancelled. Then running answers end, within the time that the door says,
/// and each tells its client not to use the connection again. New connections are taken for a moment still, where nobody
/// else holds the same socket ([`Door::handed_on`]): the system has let them in already. After that they are refused.
pub async fn serve(listener: TcpListener, door: impl Into<Door>, stop: CancellationToken) {
    let (connections, cut) = (TaskTracker::new(), CancellationToken::new());
    let answering = Arc::new(Answering { door: door.into(), stop: stop.clone(), cut: cut.clone() });
    accept(&listener, &connections, &answering, stop.cancelled()).await;
    if !answering.door.handed_on.is_cancelled() {
        accept(&listener, &connections, &answering, sleep(LINGER)).await;
    }
    drop(listener);
    connections.close();
    let drain = answering.door.drain;
    if timeout(drain, connections.wait()).await.is_err() {
        tracing::warn!("some answers took longer than {} seconds and were cut off", drain.as_secs());
        cut.cancel();
        connections.wait().await;
    }
}

/// Takes connections until `end`.
async fn accept(
    listener: &TcpListener,
    connections: &TaskTracker,
    answering: &Arc<Answering>,
    end: impl Future<Output = ()>,
) {
    let mut end = pin!(end);
    loop {
        let (stream, peer) = tokio::select! {
            biased;
            () = end.as_mut() => return,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    sleep(NO_ROOM_PAUSE).await;
                    continue;
                }
            },
        };
        match answering.door.admission.enter(peer.ip()) {
            Some(admitted) => begin(connections, stream, peer, answering.clone(), admitted),
            None => refuse(stream, &answering.door),
        }
    }
}

/// Answers a connection in the background, on a lane where there are lanes.
fn begin(connections: &TaskTracker, stream: TcpStream, peer: SocketAddr, shared: Arc<Answering>, admitted: Admitted) {
    let Some(lanes) = &shared.door.lanes else {
        connections.spawn(answer(stream, peer, shared, admitted));
        return;
    };
    let place = lanes.place();
    let runtime = place.runtime().clone();
    let there = async move {
        let _place = place;
        // Whether there is something to read is from now on for that lane to notice.
        match stream.into_std().and_then(TcpStream::from_std) {
            Ok(stream) => answer(stream, peer, shared, admitted).await,
            Err(error) => tracing::warn!(%error, "a connection could not be handed over"),
        }
    };
    connections.spawn_on(there, &runtime);
}

/// Closes a connection for which there is no room, without waiting for anything.
fn refuse(stream: TcpStream, door: &Door) {
    metrics::counter!("maru_connections_refused_total").increment(1);
    if door.tls.is_some() {
        return;
    }
    let told = stream.into_std().and_then(|mut stream| stream.write_all(FULL));
    if let Err(error) = told {
        tracing::debug!(%error, "a connection was refused without a word");
    }
}

/// What all connections share.
struct Answering {
    door: Door,
    stop: CancellationToken,
    /// Cancelled when waiting has an end.
    cut: CancellationToken,
}

async fn answer(stream: TcpStream, peer: SocketAddr, shared: Arc<Answering>, admitted: Admitted) {
    let _admitted = admitted;
    // Small answers leave at once rather than waiting for more to send.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY was not set");
    }
    let Some(tls) = &shared.door.tls else { return talk(stream, peer, &shared).await };
    let shaken = tokio::select! {
        shaken = timeout(shared.door.patience.head, tls.accept(stream)) => shaken,
        () = shared.cut.cancelled() => return,
    };
    match shaken {
        Ok(Ok(stream)) => talk(stream, peer, &shared).await,
        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, routing::get};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        sync::oneshot,
    };

    use super::*;

    #[tokio::test]
    async fn a_running_answer_ends_before_the_server_does() {
        a_running_answer_ends_first(|router| router.into()).await;
    }

    #[tokio::test]
    async fn a_running_answer_on_a_lane_ends_before_the_server_does() {
        a_running_answer_ends_first(|router| Door::new(router).on(Lanes::start().unwrap())).await;
    }

    async fn a_running_answer_ends_first(door: impl FnOnce(Router) -> Door) {
        let (started, begun) = oneshot::channel();
        let (go_on, may_go_on) = oneshot::channel::<()>();
        let gate = std::sync::Mutex::new(Some((started, may_go_on)));
        let handler = move || {
            let (started, may_go_on) = gate.lock().unwrap().take().unwrap();
            async move {
                started.send(std::thread::current().name().map(str::to_owned)).unwrap();
                may_go_on.await.unwrap();
                "done"
            }
        };
        let handler = std::sync::Arc::new(handler);
        let door = door(Router::new().route("/", get(move || handler())));
        let on_lanes = door.lanes.is_some();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let server = tokio::spawn(serve(listener, door, stop.clone()));

        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let name = begun.await.unwrap();
        assert_eq!(on_lanes, name.is_some_and(|name| name.starts_with("lane-")));
        stop.cancel();
        go_on.send(()).unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("done"), "{answer}");
        server.await.unwrap();
        assert!(TcpStream::connect(address).await.is_err());
    }

    #[tokio::test]
    async fn a_connection_made_at_the_last_moment_is_answered() {
        let router = Router::new().route("/", get(async || "done"));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let server = tokio::spawn(serve(listener, router, stop.clone()));
        let mut client = TcpStream::connect(address).await.unwrap();
        // Accepted: it was answered once.
        client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut first = [0; 15];
        client.read_exact(&mut first).await.unwrap();
        stop.cancel();
        client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        let (_, second) = answer.split_once("done").unwrap();
        assert!(second.starts_with("HTTP/1.1 200") && second.contains("connection: close"), "{answer}");
        server.await.unwrap();
    }

    #[tokio::test]
    async fn who_waits_in_the_socket_at_the_end_is_answered() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        // Let in by the system, before anybody accepts.
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let stop = CancellationToken::new();
        stop.cancel();
        let server = tokio::spawn(serve(listener, Router::new().route("/", get(async || "done")), stop));
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("connection: close"), "{answer}");
        server.await.unwrap();
        assert!(TcpStream::connect(address).await.is_err());
    }

    #[tokio::test]
    async fn who_waits_in_a_socket_that_is_handed_on_waits_for_the_others() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let others = listener.try_clone().unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stop, handed_on) = (CancellationToken::new(), CancellationToken::new());
        let door = Door::new(Router::new()).handed_on(handed_on.clone());
        handed_on.cancel();
        stop.cancel();
        serve(TcpListener::from_std(listener).unwrap(), door, stop).await;
        let (_stream, peer) = others.accept().unwrap();
        assert_eq!(peer, client.local_addr().unwrap());
    }

    #[tokio::test]
    async fn an_answer_that_takes_longer_than_the_drain_is_cut_off() {
        let (started, begun) = oneshot::channel();
        let started = std::sync::Mutex::new(Some(started));
        let started = std::sync::Arc::new(started);
        let never = move || {
            started.lock().unwrap().take().unwrap().send(()).unwrap();
            std::future::pending::<&str>()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let stop = CancellationToken::new();
        let door = Door::new(Router::new().route("/", get(never))).with_drain(Duration::from_millis(100));
        let server = tokio::spawn(serve(listener, door, stop.clone()));
        client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        begun.await.unwrap();
        stop.cancel();
        timeout(Duration::from_secs(10), server).await.expect("it waits no longer").unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer, "");
    }
}
