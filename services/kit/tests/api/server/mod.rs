//! The server on real sockets, with clients that are not as they should be.

mod crowds;
mod http2;
mod slow;
mod smuggling;
mod tls;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    extract::Request,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use kit::server::{Door, Patience, serve};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

/// Nothing here may take longer.
const HANG: Duration = Duration::from_secs(20);

/// A running server that notes what it was asked.
struct Running {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    stop: CancellationToken,
}

impl Running {
    async fn start(set: impl FnOnce(Door) -> Door) -> Self {
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let noted = asked.clone();
        let answer = async move |request: Request| -> Response {
            noted.lock().expect("not poisoned").push(format!("{} {}", request.method(), request.uri().path()));
            match axum::body::to_bytes(request.into_body(), 1 << 20).await {
                Ok(bytes) => format!("{} bytes", bytes.len()).into_response(),
                Err(_) => StatusCode::BAD_REQUEST.into_response(),
            }
        };
        Self::serving(Router::new().fallback(answer), asked, set).await
    }

    async fn serving(router: Router, asked: Arc<Mutex<Vec<String>>>, set: impl FnOnce(Door) -> Door) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let stop = CancellationToken::new();
        tokio::spawn(serve(listener, set(Door::new(router)), stop.clone()));
        Self { address, asked, stop }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("it listens")
    }

    /// Sends these bytes; answers all that comes back until the connection ends.
    async fn tell(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect().await;
        // Who is refused early may find the connection closed while still speaking.
        let _ = stream.write_all(bytes).await;
        rest(&mut stream).await
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("not poisoned").clone()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// What comes until the connection ends, however it ends.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let ended = timeout(HANG, stream.read_to_end(&mut bytes)).await;
    assert!(ended.is_ok(), "the connection stays open after {:?}", String::from_utf8_lossy(&bytes));
    String::from_utf8_lossy(&bytes).into_owned()
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("no answer: {answer:?}"))
}

/// Clients are waited for only this long.
fn hasty(door: Door) -> Door {
    door.with_patience(Patience { head: Duration::from_millis(300), write: Duration::from_millis(300) })
}
