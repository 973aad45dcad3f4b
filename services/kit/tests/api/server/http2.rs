//! HTTP/2 without TLS, by prior knowledge, and what is tried with it.

use http::{Request, StatusCode};
use tokio::time::timeout;

use super::{HANG, Running};

type Sender = h2::client::SendRequest<bytes::Bytes>;

async fn connect(server: &Running) -> Sender {
    let (sender, connection) = h2::client::handshake(server.connect().await).await.expect("HTTP/2");
    tokio::spawn(connection);
    sender
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
