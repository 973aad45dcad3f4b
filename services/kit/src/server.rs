//! Answers HTTP on a listener until told to stop, then lets running answers end.
//!
//! Clients are waited for only so long ([`Patience`]), have only so many connections ([`Admission`]), and are
//! refused what could be read in two ways.

mod admission;
mod door;
mod lanes;
mod strict;
mod tls;

use std::{
    convert::Infallible,
    io::Write,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{body::Body, extract::ConnectInfo};
use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use http::{HeaderValue, Request, Response, Version, header};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::{ServiceExt, service_fn};

pub use admission::Admission;
use admission::Admitted;
pub use door::{Door, Patience};
pub use lanes::{Lanes, PerLane};
pub use tls::{Tls, TlsError};

/// How long a connection that is open when the process is to end may still bring a request: it was perhaps made
/// at that moment, or its client does not know yet.
const LINGER: Duration = Duration::from_millis(500);
/// How long running answers may take once the process is to end.
const DRAIN_DEADLINE: Duration = Duration::from_secs(10);
/// How long to wait before accepting again when the system has no room for another connection.
const NO_ROOM_PAUSE: Duration = Duration::from_millis(100);
/// Most headers of a request.
const MOST_HEADERS: usize = 100;
/// Largest head of a request, in bytes.
const LARGEST_HEAD: u32 = 64 << 10;
/// Requests that one HTTP/2 connection may have under way.
const MOST_STREAMS: u32 = 100;
/// What a connection gets for which there is no room.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// Serves what is behind `door` until `stop` is cancelled. Then nothing is accepted any more (where others hold the
/// same socket, new connections wait for them), running answers end, and each tells its client not to use the
/// connection again.
pub async fn serve(listener: TcpListener, door: impl Into<Door>, stop: CancellationToken) {
    let (connections, cut) = (TaskTracker::new(), CancellationToken::new());
    let answering = Arc::new(Answering { door: door.into(), stop: stop.clone(), cut: cut.clone() });
    loop {
        let (stream, peer) = tokio::select! {
            biased;
            () = stop.cancelled() => break,
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
            Some(admitted) => begin(&connections, stream, peer, answering.clone(), admitted),
            None => refuse(stream, &answering.door),
        }
    }
    drop(listener);
    connections.close();
    if timeout(DRAIN_DEADLINE, connections.wait()).await.is_err() {
        tracing::warn!("some answers took longer than {} seconds and were cut off", DRAIN_DEADLINE.as_secs());
        cut.cancel();
        connections.wait().await;
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

/// What may come about while a client is talked to.
enum Beside {
    /// So long a first request is waited for.
    Silence,
    /// The process is to end, and has been for a moment.
    Ending,
    /// Waiting has an end.
    Cut,
}

async fn talk<S>(stream: S, peer: SocketAddr, shared: &Answering)
where
    S: AsyncRead + AsyncWrite + Send + 'static,
{
    let patience = shared.door.patience;
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(patience.write));
    let asked = Arc::new(AtomicBool::new(false));
    let (router, stop, heard) = (shared.door.router.clone(), shared.stop.clone(), asked.clone());
    let service = service_fn(move |mut request: Request<Incoming>| {
        heard.store(true, Ordering::Relaxed);
        let refused = strict::refuse(&request);
        request.extensions_mut().insert(ConnectInfo(peer));
        let last = request.version() < Version::HTTP_2;
        let (router, stop) = (router.clone(), stop.clone());
        async move {
            let answer = match refused {
                Some(refusal) => refusal,
                None => router.oneshot(request.map(Body::new)).await.unwrap_or_else(|never| match never {}),
            };
            Ok::<_, Infallible>(if last && stop.is_cancelled() { closing(answer) } else { answer })
        }
    });
    let server = server(patience);
    let io = TokioIo::new(Box::pin(stream));
    let connection = server.serve_connection(io, TowerToHyperService::new(service)).into_owned();
    tokio::pin!(connection);
    // Looked at when one of them comes about, not whenever there is something to read.
    let mut beside: FuturesUnordered<BoxFuture<'_, Beside>> = FuturesUnordered::new();
    beside.push(Box::pin(sleep(patience.head).map(|()| Beside::Silence)));
    beside.push(Box::pin(shared.stop.cancelled().then(|()| sleep(LINGER)).map(|()| Beside::Ending)));
    let outcome = loop {
        tokio::select! {
            biased;
            outcome = connection.as_mut() => break outcome,
            Some(event) = beside.next() => match event {
                // A client that has not even said which protocol it speaks is waited for by nobody else.
                Beside::Silence if !asked.load(Ordering::Relaxed) => {
                    return tracing::debug!("a connection on which nothing was asked was closed");
                }
                Beside::Silence => {}
                Beside::Ending => {
                    connection.as_mut().graceful_shutdown();
                    beside.push(Box::pin(shared.cut.cancelled().map(|()| Beside::Cut)));
                }
                Beside::Cut => break Ok(()),
            },
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection ended early");
    }
}

fn server(patience: Patience) -> auto::Builder<TokioExecutor> {
    let mut server = auto::Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .max_headers(MOST_HEADERS)
        .max_buf_size(LARGEST_HEAD as usize);
    server
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(patience.head))
        .max_concurrent_streams(MOST_STREAMS)
        .max_header_list_size(LARGEST_HEAD);
    server
}

fn closing(mut answer: Response<Body>) -> Response<Body> {
    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    answer
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
}
