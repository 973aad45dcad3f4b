//! Answers HTTP on a listener until told to stop, then lets running answers end.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::{HeaderValue, Request, Response, Version, header};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::{ServiceExt, service_fn};

/// How long a client may take to send the head of a request, and how long an idle connection stays.
const HEAD_DEADLINE: Duration = Duration::from_secs(15);
/// How long a connection that is open when the process is to end may still bring a request: it was perhaps made
/// at that moment, or its client does not know yet.
const LINGER: Duration = Duration::from_millis(500);
/// How long running answers may take once the process is to end.
const DRAIN_DEADLINE: Duration = Duration::from_secs(10);
/// How long to wait before accepting again when the system has no room for another connection.
const NO_ROOM_PAUSE: Duration = Duration::from_millis(100);

/// Serves `router` until `stop` is cancelled. Then nothing is accepted any more (where others hold the same
/// socket, new connections wait for them), running answers end, and each tells its client not to use the
/// connection again.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    let (connections, cut) = (TaskTracker::new(), CancellationToken::new());
    let answering = Arc::new(Answering { router, stop: stop.clone(), cut: cut.clone() });
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
        connections.spawn(answer(stream, peer, answering.clone()));
    }
    drop(listener);
    connections.close();
    if timeout(DRAIN_DEADLINE, connections.wait()).await.is_err() {
        tracing::warn!("some answers took longer than {} seconds and were cut off", DRAIN_DEADLINE.as_secs());
        cut.cancel();
        connections.wait().await;
    }
}

/// What all connections share.
struct Answering {
    router: Router,
    stop: CancellationToken,
    /// Cancelled when waiting has an end.
    cut: CancellationToken,
}

async fn answer(stream: TcpStream, peer: SocketAddr, shared: Arc<Answering>) {
    // Small answers leave at once rather than waiting for more to send.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY was not set");
    }
    let (router, stop) = (shared.router.clone(), shared.stop.clone());
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let last = request.version() < Version::HTTP_2;
        let (router, stop) = (router.clone(), stop.clone());
        async move {
            let answer = router.oneshot(request.map(Body::new)).await.unwrap_or_else(|never| match never {});
            Ok::<_, Infallible>(if last && stop.is_cancelled() { closing(answer) } else { answer })
        }
    });
    let mut server = auto::Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_DEADLINE);
    server.http2().timer(TokioTimer::new()).keep_alive_interval(Some(HEAD_DEADLINE));
    let connection = server.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)).into_owned();
    tokio::pin!(connection);
    let mut ending = std::pin::pin!(async {
        shared.stop.cancelled().await;
        sleep(LINGER).await;
    });
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = &mut ending => {
            connection.as_mut().graceful_shutdown();
            tokio::select! {
                outcome = connection => outcome,
                () = shared.cut.cancelled() => Ok(()),
            }
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection ended early");
    }
}

fn closing(mut answer: Response<Body>) -> Response<Body> {
    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    answer
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        sync::oneshot,
    };

    use super::*;

    #[tokio::test]
    async fn a_running_answer_ends_before_the_server_does() {
        let (started, begun) = oneshot::channel();
        let (go_on, may_go_on) = oneshot::channel::<()>();
        let gate = std::sync::Mutex::new(Some((started, may_go_on)));
        let handler = move || {
            let (started, may_go_on) = gate.lock().unwrap().take().unwrap();
            async move {
                started.send(()).unwrap();
                may_go_on.await.unwrap();
                "done"
            }
        };
        let handler = std::sync::Arc::new(handler);
        let router = Router::new().route("/", get(move || handler()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let server = tokio::spawn(serve(listener, router, stop.clone()));

        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        begun.await.unwrap();
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
