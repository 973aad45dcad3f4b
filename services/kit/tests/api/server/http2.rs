//! HTTP/2 without TLS, by prior knowledge, and what is tried with it.

use std::{io, sync::Arc, time::Duration};

use axum::{Router, body::Body, routing::get as route};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use h2::{Reason, RecvStream};
use http::{Request, Response, StatusCode};
use kit::server::{Door, Patience};
use tokio::{
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::{HANG, Running};

/// Answers have to be taken soon; a busy machine has time for a handshake.
fn hasty(door: Door) -> Door {
    door.with_patience(Patience { head: Duration::from_secs(5), write: Duration::from_millis(300) })
}

type Sender = h2::client::SendRequest<Bytes>;

async fn connect(server: &Running) -> Sender {
    connect_with(server, 65_535).await.0
}

/// A client with so much room for each answer, in bytes, and its end of the connection, which answers pings.
async fn connect_with(server: &Running, room: u32) -> (Sender, JoinHandle<Result<(), h2::Error>>) {
    let mut client = h2::client::Builder::new();
    let (sender, connection) =
        client.initial_window_size(room).handshake(server.connect().await).await.expect("HTTP/2");
    (sender, tokio::spawn(connection))
}

async fn ask(sender: &Sender, path: &str) -> Response<RecvStream> {
    let mut sender = sender.clone().ready().await.expect("an open connection");
    let request = Request::get(format!("http://x{path}")).body(()).expect("a request");
    let (answer, _) = sender.send_request(request, true).expect("sent");
    timeout(HANG, answer).await.expect("an answer").expect("an answer")
}

/// All of an answer, by a client that pauses before it makes room for more.
async fn read(mut answer: RecvStream, pause: Duration) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(piece) = timeout(HANG, answer.data()).await.expect("more or the end") {
        let piece = piece.expect("an answer that is whole");
        bytes.extend_from_slice(&piece);
        sleep(pause).await;
        // Over, there is no more to make room for.
        let _ = answer.flow_control().release_capacity(piece.len());
    }
    bytes
}

async fn get(sender: &Sender, request: http::request::Builder) -> Result<StatusCode, h2::Error> {
    let mut sender = sender.clone().ready().await?;
    let (answer, _) = sender.send_request(request.body(()).expect("a request"), true)?;
    Ok(timeout(HANG, answer).await.expect("an answer")?.status())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_spoken_from_the_first_byte() {
    let server = Running::start(|door| door).await;
    let sender = connect(&server).await;
    assert_eq!(get(&sender, Request::get("http://x/a")).await.expect("an answer"), 200);
    assert_eq!(get(&sender, Request::get("http://x/b").header("host", "x")).await.expect("an answer"), 200);
    assert_eq!(server.asked(), ["GET /a", "GET /b"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn floods_of_headers_and_two_hosts_are_refused() {
    let server = Running::start(|door| door).await;
    let sender = connect(&server).await;
    let many = (0..101).fold(Request::get("http://x/many"), |request, at| request.header(format!("x-{at}"), "1"));
    assert_eq!(get(&sender, many).await.expect("an answer"), 431);
    assert_eq!(get(&sender, Request::get("http://x/two").header("host", "y")).await.expect("an answer"), 400);
    let sender = connect(&server).await;
    let large =
        (0..20).fold(Request::get("http://x/large"), |request, at| request.header(format!("x-{at}"), "a".repeat(8000)));
    let answer = get(&sender, large).await;
    assert!(answer.is_err() || answer.is_ok_and(|status| status == 431));
    assert!(server.asked().is_empty(), "{:?}", server.asked());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_are_taken_back_at_once_wear_nobody_out() {
    let server = Running::start(|door| door).await;
    let mut sender = connect(&server).await;
    for _ in 0..2000 {
        let Ok(ready) = sender.ready().await else { break };
        sender = ready;
        let Ok((answer, mut stream)) =
            sender.send_request(Request::get("http://x/").body(()).expect("a request"), false)
        else {
            break;
        };
        stream.send_reset(h2::Reason::CANCEL);
        drop(answer);
    }
    let other = connect(&server).await;
    assert_eq!(get(&other, Request::get("http://x/other")).await.expect("an answer"), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_without_requests_does_not_stay() {
    // Told to, the client lets go at once: nothing is cut off.
    let patience = Patience { head: Duration::from_secs(2), write: HANG * 10 };
    let server = Running::start(|door| door.with_patience(patience)).await;
    let (sender, connection) = connect_with(&server, 65_535).await;
    assert_eq!(get(&sender, Request::get("http://x/a")).await.expect("an answer"), 200);
    let ended = timeout(HANG, connection).await.expect("it is ended, however many pings are answered");
    // The last pings may cross its end.
    let _ = ended.expect("no panic");
    assert_eq!(server.asked(), ["GET /a"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_takes_nothing_of_an_answer_loses_that_one() {
    let endless = async || Body::from_stream(stream::repeat_with(|| Ok::<_, io::Error>(vec![0_u8; 1 << 16])));
    // Each piece takes longer than clients may.
    let late = async || {
        Body::from_stream(stream::iter(["a", "b"]).then(async |piece| {
            sleep(Duration::from_millis(700)).await;
            Ok::<_, io::Error>(piece)
        }))
    };
    let router = Router::new().route("/endless", route(endless)).route("/late", route(late));
    let server = Running::serving(router, Arc::default(), hasty).await;
    let (sender, _connection) = connect_with(&server, 1000).await;
    let mut endless = ask(&sender, "/endless").await.into_body();
    let late = tokio::spawn(read(ask(&sender, "/late").await.into_body(), Duration::ZERO));
    let given_up = async {
        loop {
            // There is no room for more than what comes at first.
            match endless.data().await {
                Some(Ok(_)) => {}
                Some(Err(error)) => return error.reason(),
                None => panic!("an endless answer came to an end"),
            }
        }
    };
    assert_eq!(timeout(HANG, given_up).await.expect("it is given up"), Some(Reason::CANCEL));
    assert_eq!(late.await.expect("no panic"), b"ab", "what takes its time here is nobody's fault there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_left_of_an_answer_does_not_keep_a_connection() {
    // So little that it is over here while most of it waits for room there.
    let router = Router::new().route("/", route(async || "a".repeat(10_000)));
    let server = Running::serving(router, Arc::default(), hasty).await;
    let (sender, connection) = connect_with(&server, 1000).await;
    let _left = ask(&sender, "/").await;
    let ended = timeout(HANG, connection).await.expect("it is ended, however many pings are answered");
    // Cut off: what the client makes of that is its own affair.
    let _ = ended.expect("no panic");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_takes_an_answer_slowly_gets_all_of_it() {
    let whole: Vec<u8> = (0..1_000_000).map(|at| (at % 251) as u8).collect();
    let answer = Bytes::from(whole.clone());
    let router = Router::new().route("/", route(async move || answer.clone()));
    // Longer in all than a client may take nothing.
    let patience = Patience { write: Duration::from_secs(2), ..Patience::default() };
    let server = Running::serving(router, Arc::default(), |door| door.with_patience(patience)).await;
    let (sender, _connection) = connect_with(&server, 16_384).await;
    let answer = ask(&sender, "/").await;
    assert_eq!(answer.headers()["content-length"], "1000000");
    assert_eq!(read(answer.into_body(), Duration::from_millis(50)).await, whole);
}
