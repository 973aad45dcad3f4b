//! Requests that two programs would read in two ways, so that one could hide in the other.

use super::{Running, status};

const HIDDEN: &str = "GET /hidden HTTP/1.1\r\nhost: x\r\n\r\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_means_two_things_is_refused() {
    let server = Running::start(|door| door).await;
    for (name, head) in [
        ("two lengths", "content-length: 5\r\ncontent-length: 6\r\n"),
        ("a list of lengths", "content-length: 5, 6\r\n"),
        ("a signed length", "content-length: +5\r\n"),
        ("a negative length", "content-length: -1\r\n"),
        ("a hexadecimal length", "content-length: 0x5\r\n"),
        ("a length that is none", "content-length: \r\n"),
        ("a blank before the colon", "content-length : 5\r\n"),
        ("a folded line", "x: a\r\n b\r\ncontent-length: 5\r\n"),
        ("a folded length", "content-length:\r\n 5\r\n"),
        ("a line that begins with a blank", " content-length: 5\r\n"),
        ("a line without a colon", "content-length\r\n"),
        ("a NUL", "x: a\0b\r\n"),
        ("a lonely carriage return", "x: a\rcontent-length: 5\r\n"),
        ("another coding", "transfer-encoding: gzip\r\n"),
        ("a coding before chunks", "transfer-encoding: gzip, chunked\r\n"),
        ("a coding after chunks", "transfer-encoding: chunked, identity\r\n"),
        ("chunks twice", "transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n"),
        ("chunks misspelt", "transfer-encoding: xchunked\r\n"),
        ("chunks with a vertical tab", "transfer-encoding: \x0bchunked\r\n"),
        ("another host", "host: y\r\n"),
    ] {
        let answer = server.tell(format!("POST / HTTP/1.1\r\nhost: x\r\n{head}\r\n{HIDDEN}").as_bytes()).await;
        assert_eq!(status(&answer), 400, "{name}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{name}: one answer, and the connection ends: {answer}");
    }
    for (name, whole) in [
        ("no host", format!("GET / HTTP/1.1\r\n\r\n{HIDDEN}")),
        (
            "chunks before they were invented",
            format!("POST / HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n{HIDDEN}"),
        ),
        ("a version that is none", format!("GET / HTTP/9.9\r\nhost: x\r\n\r\n{HIDDEN}")),
        ("a control character in the path", format!("GET /\x01 HTTP/1.1\r\nhost: x\r\n\r\n{HIDDEN}")),
    ] {
        let answer = server.tell(whole.as_bytes()).await;
        assert_eq!(status(&answer), 400, "{name}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{name}: {answer}");
    }
    assert!(server.asked().is_empty(), "nothing of it reached the router: {:?}", server.asked());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_hides_behind_a_length_and_chunks() {
    let server = Running::start(|door| door).await;
    for head in [
        "content-length: 5\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 5\r\n",
        "content-length: 60\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 0\r\n",
    ] {
        let answer =
            server.tell(format!("POST /seen HTTP/1.1\r\nhost: x\r\n{head}\r\n0\r\n\r\n{HIDDEN}").as_bytes()).await;
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{head}: {answer}");
    }
    assert!(!server.asked().iter().any(|asked| asked.contains("hidden")), "{:?}", server.asked());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chunks_that_make_no_sense_end_the_connection() {
    let server = Running::start(|door| door).await;
    for chunks in [
        "zz\r\nhello\r\n0\r\n\r\n",
        "-5\r\nhello\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        "5\r\nhelloXX0\r\n\r\n",
        "ffffffffffffffffff\r\nhello\r\n0\r\n\r\n",
        "\r\nhello\r\n0\r\n\r\n",
        "5 5\r\nhello\r\n0\r\n\r\n",
    ] {
        let head = "POST /chunks HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
        let answer = server.tell(format!("{head}{chunks}{HIDDEN}").as_bytes()).await;
        assert!(answer.matches("HTTP/1.1 ").count() <= 1, "{chunks:?}: {answer}");
        assert!(answer.is_empty() || status(&answer) == 400, "{chunks:?}: {answer}");
    }
    assert!(!server.asked().iter().any(|asked| asked.contains("hidden")), "{:?}", server.asked());
    let good =
        "POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    assert!(server.tell(good.as_bytes()).await.ends_with("5 bytes"));
}
