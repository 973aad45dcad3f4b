//! Too much at once: headers, connections.

use std::time::Duration;

use kit::{server::Admission, testing::eventually};
use tokio::io::AsyncWriteExt;

use super::{Running, rest, status};

const GET: &[u8] = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heads_have_a_size() {
    let server = Running::start(|door| door).await;
    let many: String = (0..200).map(|at| format!("x-{at}: 1\r\n")).collect();
    let answer = server.tell(format!("GET / HTTP/1.1\r\nhost: x\r\n{many}\r\n").as_bytes()).await;
    assert_eq!(status(&answer), 431);
    let long = "a".repeat(200_000);
    let answer = server.tell(format!("GET / HTTP/1.1\r\nhost: x\r\nx: {long}\r\n\r\n").as_bytes()).await;
    assert!(answer.is_empty() || status(&answer) == 431, "{answer}");
    let answer = server.tell(format!("GET /{long} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes()).await;
    assert!(answer.is_empty() || matches!(status(&answer), 414 | 431), "{answer}");
    assert!(server.asked().is_empty());
    assert_eq!(status(&server.tell(GET).await), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_has_so_many_connections() {
    let server = Running::start(|door| door.with_admission(Admission::new(100, 2, Vec::new()).into())).await;
    let mut open = vec![server.connect().await, server.connect().await];
    for stream in &mut open {
        // Answered once, so that it is known to be counted.
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("it listens");
        let mut start = [0; 15];
        tokio::io::AsyncReadExt::read_exact(stream, &mut start).await.expect("an answer");
    }
    let refused = rest(&mut server.connect().await).await;
    assert_eq!(status(&refused), 503, "{refused}");
    assert!(refused.contains("retry-after:") && refused.contains("connection: close"), "{refused}");
    drop(open.pop());
    eventually("room again", || async { (status(&server.tell(GET).await) == 200).then_some(()) }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proxies_bring_as_many_as_there_is_room_for() {
    let proxies = vec!["127.0.0.0/8".parse().expect("a network")];
    let server = Running::start(|door| door.with_admission(Admission::new(4, 1, proxies).into())).await;
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(server.connect().await);
    }
    let refused = eventually("a full house", || async {
        let mut stream = server.connect().await;
        let answer = tokio::time::timeout(Duration::from_millis(200), rest(&mut stream)).await.ok()?;
        answer.starts_with("HTTP/1.1 503").then_some(answer)
    })
    .await;
    assert_eq!(status(&refused), 503);
    drop(open);
    eventually("room again", || async { server.tell(GET).await.starts_with("HTTP/1.1 200").then_some(()) }).await;
}
