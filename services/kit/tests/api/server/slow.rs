//! Clients that take their time.

use std::{sync::Arc, time::Duration};

use axum::{Router, body::Body, routing::get};
use futures_util::{StreamExt, stream};
use tokio::{io::AsyncWriteExt, sync::Notify, time::timeout};

use super::{HANG, Running, hasty, rest};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_says_nothing_whole_is_not_waited_for() {
    let server = Running::start(hasty).await;
    for start in ["", "P", "PRI * HTTP/2.0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET", "GET / HTTP/1.1\r\nhost: x\r\n"]
    {
        let mut stream = server.connect().await;
        stream.write_all(start.as_bytes()).await.expect("it listens");
        let answer = rest(&mut stream).await;
        assert!(!answer.contains("200"), "{start:?}: {answer}");
    }
    assert!(server.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_drips_is_not_waited_for() {
    let server = Running::start(hasty).await;
    let (mut from, mut to) = server.connect().await.into_split();
    let dripping = tokio::spawn(async move {
        let head = std::iter::once("GET / HTTP/1.1\r\nhost: x\r\nx: ").chain(std::iter::repeat("a"));
        for piece in head {
            if to.write_all(piece.as_bytes()).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let mut answer = Vec::new();
    // Ended by us or reset by them: either way it ends while the client still drips.
    let ended = timeout(HANG, tokio::io::AsyncReadExt::read_to_end(&mut from, &mut answer)).await;
    assert!(ended.is_ok(), "the connection stays open");
    timeout(HANG, dripping).await.expect("nobody listens any more").expect("no panic");
    assert!(server.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idle_connection_does_not_stay() {
    let server = Running::start(hasty).await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("it listens");
    assert!(rest(&mut stream).await.ends_with("0 bytes"), "answered, then ended by the server");
}

/// Tells when it is dropped.
struct Told(Arc<Notify>);

impl Drop for Told {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_nothing_of_the_answer_is_given_up() {
    let over = Arc::new(Notify::new());
    let told = over.clone();
    let endless = move || {
        let told = Told(told.clone());
        let pieces = stream::repeat_with(move || {
            let _held = &told;
            Ok::<_, std::io::Error>(vec![0_u8; 1 << 16])
        });
        async move { Body::from_stream(pieces.boxed()) }
    };
    let server = Running::serving(Router::new().route("/", get(endless)), Arc::default(), hasty).await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("it listens");
    timeout(HANG, over.notified()).await.expect("the answer is given up while the client keeps the connection");
    drop(stream);
}
