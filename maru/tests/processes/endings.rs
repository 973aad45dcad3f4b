//! A process that is told to end answers what it took, so long and no longer, and takes nothing more.

use std::net::SocketAddr;

use kit::testing::eventually;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::site::Whole;

/// Of nobody who has an account.
const BODY: &str = r#"{"email": "nobody@example.com", "password": "correct horse battery"}"#;

/// A request that is under way: all of it is there but [`BODY`], which is waited for.
async fn begun(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /api/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         expect: 100-continue\r\n\r\n",
        BODY.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_while_it_ends_is_refused_at_once() {
    let site = Whole::new();
    site.configure("");
    let (process, address) = site.start_listening().await;
    let mut request = begun(address).await;
    process.signal("-TERM");
    eventually("nobody being let in", async || TcpStream::connect(address).await.is_err().then_some(())).await;
    request.write_all(BODY.as_bytes()).await.unwrap();
    let mut answer = String::new();
    request.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 401") && answer.contains("connection: close"), "{answer}");
    process.ended().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_takes_longer_than_the_drain_is_cut_off() {
    let site = Whole::new();
    site.configure("[lifecycle]\ndrain = 1");
    let process = site.start().await;
    let mut request = begun(site.url.trim_start_matches("http://").parse().unwrap()).await;
    process.signal("-TERM");
    // Otherwise the body would be waited for longer than this waits for the end.
    process.ended().await;
    let mut answer = String::new();
    let _ = request.read_to_string(&mut answer).await;
    assert_eq!(answer, "");
}
