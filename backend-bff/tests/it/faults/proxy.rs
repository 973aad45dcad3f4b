//! A wire to a service that can be made to fail in every way that wires and services do.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use serde::Serialize;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::sleep,
};

/// How a service fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fault {
    /// Not at all.
    None,
    /// Nobody listens.
    Absent,
    /// It takes requests and says nothing.
    Hanging,
    /// Each answer comes late.
    Slow,
    /// 500 to everything.
    Errors,
    /// Something that is no HTTP.
    Garbage,
    /// Good HTTP around a body that makes no sense.
    Nonsense,
    /// The connection breaks off when the request is there.
    Resets,
    /// There and not there in turns.
    Flapping,
}

impl Fault {
    pub(super) const ALL: [Self; 8] = [
        Self::Absent,
        Self::Hanging,
        Self::Slow,
        Self::Errors,
        Self::Garbage,
        Self::Nonsense,
        Self::Resets,
        Self::Flapping,
    ];
}

/// By how much a slow service is late: more than anybody waits for an optional part.
const LATE: Duration = Duration::from_millis(1500);
const FLAP: Duration = Duration::from_secs(1);

/// See the module.
pub(super) struct Proxy {
    pub(super) address: SocketAddr,
    fault: watch::Sender<Fault>,
    requests: Arc<AtomicU64>,
}

impl Proxy {
    pub(super) async fn before(service: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (fault, seen) = watch::channel(Fault::None);
        let requests = Arc::<AtomicU64>::default();
        tokio::spawn(run(listener, service, seen, requests.clone()));
        Self { address, fault, requests }
    }

    pub(super) fn set(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }

    /// Requests that came so far. Those that were refused did not come.
    pub(super) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}

async fn run(listener: TcpListener, service: SocketAddr, mut fault: watch::Receiver<Fault>, requests: Arc<AtomicU64>) {
    let address = listener.local_addr().expect("an address");
    let mut listener = Some(listener);
    loop {
        let now = *fault.borrow_and_update();
        let phases = match now {
            Fault::Flapping => vec![(Fault::Absent, Some(FLAP)), (Fault::None, Some(FLAP))],
            other => vec![(other, None)],
        };
        for (phase, length) in phases {
            let serve = one(phase, &mut listener, address, service, &requests);
            let over = async {
                match length {
                    Some(length) => sleep(length).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = serve => {}
                () = over => continue,
                changed = fault.changed() => {
                    if changed.is_err() { return }
                    break;
                }
            }
        }
    }
}

/// Connections of a phase end with it.
async fn one(
    fault: Fault,
    listener: &mut Option<TcpListener>,
    address: SocketAddr,
    service: SocketAddr,
    requests: &Arc<AtomicU64>,
) {
    if fault == Fault::Absent {
        *listener = None;
        std::future::pending::<()>().await;
    }
    while listener.is_none() {
        match TcpListener::bind(address).await {
            Ok(again) => *listener = Some(again),
            Err(_) => sleep(Duration::from_millis(10)).await,
        }
    }
    let Some(listener) = listener else { return };
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        connections.spawn(connection(fault, client, service, requests.clone()));
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(fault: Fault, mut client: TcpStream, service: SocketAddr, requests: Arc<AtomicU64>) {
    let canned: &[u8] = match fault {
        Fault::None | Fault::Slow => return forward(fault, client, service, &requests).await,
        Fault::Errors => b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        Fault::Garbage => b"\x16\x03\x01 this is no HTTP\r\n\r\n",
        Fault::Nonsense => {
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 8\r\nconnection: close\r\n\r\n{\"items\""
        }
        Fault::Hanging | Fault::Resets | Fault::Absent | Fault::Flapping => b"",
    };
    let mut request = [0; 16 << 10];
    if !matches!(client.read(&mut request).await, Ok(size) if size > 0) {
        return;
    }
    requests.fetch_add(1, Ordering::Relaxed);
    match fault {
        Fault::Hanging => std::future::pending().await,
        Fault::Resets => drop(client.set_zero_linger()),
        // Who asked may be gone.
        _ => drop(client.write_all(canned).await),
    }
}

async fn forward(fault: Fault, client: TcpStream, service: SocketAddr, requests: &AtomicU64) {
    let Ok(mut service) = TcpStream::connect(service).await else { return };
    let mut client = Counted { inner: client, requests };
    if fault == Fault::None {
        // Whoever closes first.
        drop(copy_bidirectional(&mut client, &mut service).await);
        return;
    }
    let (mut request, mut answer) = (vec![0; 16 << 10], vec![0; 64 << 10]);
    loop {
        let Ok(size @ 1..) = client.read(&mut request).await else { return };
        if service.write_all(&request[..size]).await.is_err() {
            return;
        }
        let Ok(size @ 1..) = service.read(&mut answer).await else { return };
        sleep(LATE).await;
        if client.write_all(&answer[..size]).await.is_err() {
            return;
        }
    }
}

/// Counts what looks like the beginning of a request.
struct Counted<'a> {
    inner: TcpStream,
    requests: &'a AtomicU64,
}

impl tokio::io::AsyncRead for Counted<'_> {
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
        buffer: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let polled = std::pin::Pin::new(&mut self.inner).poll_read(context, buffer);
        let fresh = buffer.filled().get(before..).unwrap_or_default();
        if [&b"GET "[..], b"POST ", b"PUT "].iter().any(|method| fresh.starts_with(method)) {
            self.requests.fetch_add(1, Ordering::Relaxed);
        }
        polled
    }
}

impl tokio::io::AsyncWrite for Counted<'_> {
    fn poll_write(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
        bytes: &[u8],
    ) -> std::task::Poll<std::io::Result<usize>> {
        std::pin::Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::pin::Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::pin::Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
