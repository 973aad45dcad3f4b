//! One connection: what is asked on it is answered, until its client, its silence or the process ends it.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{body::Body, extract::ConnectInfo};
use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use http::{HeaderValue, Request, Response, Version, header};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::sleep,
};
use tokio_io_timeout::TimeoutStream;
use tower::{ServiceExt, service_fn};

use super::{
    Answering, LINGER, MOST_HEADERS, Patience,
    streams::{Advice, Streams},
    strict,
};

/// Largest head of a request, in bytes.
const LARGEST_HEAD: u32 = 64 << 10;
/// Requests that one HTTP/2 connection may have under way.
const MOST_STREAMS: u32 = 100;

/// What may come about while a client is talked to.
enum Beside {
    /// So long a first request is waited for, or until it is to be seen again what HTTP/2 does.
    Silence,
    /// The process is to end, and has been for a moment.
    Ending,
    /// Waiting has an end.
    Cut,
}

pub(super) async fn talk<S>(stream: S, peer: SocketAddr, shared: &Answering)
where
    S: AsyncRead + AsyncWrite + Send + 'static,
{
    let patience = shared.door.patience;
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(patience.write));
    let (asked, streams) = (Arc::new(AtomicBool::new(false)), Streams::new(patience));
    let (router, stop, heard, watching) =
        (shared.door.router.clone(), shared.stop.clone(), asked.clone(), streams.clone());
    let service = service_fn(move |mut request: Request<Incoming>| {
        heard.store(true, Ordering::Relaxed);
        let refused = strict::refuse(&request);
        request.extensions_mut().insert(ConnectInfo(peer));
        let streams = (request.version() >= Version::HTTP_2).then(|| watching.clone());
        let (router, stop) = (router.clone(), stop.clone());
        async move {
            let answer = match refused {
                Some(refusal) => refusal,
                None => router.oneshot(request.map(Body::new)).await.unwrap_or_else(|never| match never {}),
            };
            Ok::<_, Infallible>(match streams {
                Some(streams) => streams.watched(answer),
                None if stop.is_cancelled() => closing(answer),
                None => answer,
            })
        }
    });
    let server = server(patience, streams.clone());
    let io = TokioIo::new(Box::pin(stream));
    let connection = server.serve_connection(io, TowerToHyperService::new(service)).into_owned();
    tokio::pin!(connection);
    // Looked at when one of them comes about, not whenever there is something to read.
    let mut beside: FuturesUnordered<BoxFuture<'_, Beside>> = FuturesUnordered::new();
    let silence = |time| sleep(time).map(|()| Beside::Silence).boxed();
    beside.push(silence(patience.head));
    beside.push(Box::pin(shared.stop.cancelled().then(|()| sleep(LINGER)).map(|()| Beside::Ending)));
    // The client was told, because nothing was asked for long.
    let mut told = false;
    let outcome = loop {
        tokio::select! {
            biased;
            outcome = connection.as_mut() => break outcome,
            Some(event) = beside.next() => match event {
                // A client that has not even said which protocol it speaks is waited for by nobody else.
                Beside::Silence if !asked.load(Ordering::Relaxed) => {
                    return tracing::debug!("a connection on which nothing was asked was closed");
                }
                Beside::Silence => match streams.advice() {
                    Advice::Leave => {}
                    Advice::Wait(time) => beside.push(silence(time)),
                    Advice::Idle if !told => {
                        told = true;
                        connection.as_mut().graceful_shutdown();
                        beside.push(silence(patience.write));
                    }
                    Advice::Idle | Advice::GiveUp => {
                        return tracing::debug!("a connection whose client takes nothing was closed");
                    }
                },
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

fn server(patience: Patience, streams: Streams) -> auto::Builder<Streams> {
    let mut server = auto::Builder::new(streams);
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
