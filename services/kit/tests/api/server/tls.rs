//! TLS, with certificates that change.

use std::{path::PathBuf, sync::Arc};

use http::Request;
use kit::server::Tls;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{HANG, Running, hasty, rest};

/// A folder with a certificate and its key.
struct Files {
    folder: TempDir,
}

impl Files {
    fn new() -> (Self, CertificateDer<'static>) {
        let files = Self { folder: tempfile::tempdir().expect("a folder") };
        let certificate = files.renew();
        (files, certificate)
    }

    fn chain(&self) -> PathBuf {
        self.folder.path().join("chain.pem")
    }

    fn key(&self) -> PathBuf {
        self.folder.path().join("key.pem")
    }

    /// Writes new ones.
    fn renew(&self) -> CertificateDer<'static> {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        std::fs::write(self.chain(), made.cert.pem()).expect("a file");
        std::fs::write(self.key(), made.signing_key.serialize_pem()).expect("a file");
        made.cert.der().clone()
    }

    fn tls(&self) -> Tls {
        Tls::new(&self.chain(), &self.key()).expect("a certificate and its key")
    }
}

async fn connect(
    server: &Running,
    trusted: &CertificateDer<'static>,
    protocols: &[&str],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).expect("a certificate");
    let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    let name = ServerName::try_from("localhost").expect("a name");
    TlsConnector::from(Arc::new(config)).connect(name, server.connect().await).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_versions_of_http_are_spoken_over_it() {
    let (files, certificate) = Files::new();
    let server = Running::start(|door| door.with_tls(files.tls())).await;
    let stream = connect(&server, &certificate, &["h2", "http/1.1"]).await.expect("a handshake");
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (sender, connection) = h2::client::handshake(stream).await.expect("HTTP/2");
    tokio::spawn(connection);
    let mut sender: h2::client::SendRequest<bytes::Bytes> = sender.ready().await.expect("ready");
    let (answer, _) =
        sender.send_request(Request::get("https://localhost/two").body(()).expect("a request"), true).expect("sent");
    assert_eq!(timeout(HANG, answer).await.expect("in time").expect("an answer").status(), 200);

    let mut stream = connect(&server, &certificate, &["http/1.1"]).await.expect("a handshake");
    stream.write_all(b"GET /one HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(server.asked(), ["GET /two", "GET /one"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_certificate_is_taken_over_while_it_runs() {
    let (files, first) = Files::new();
    let tls = files.tls();
    let server = Running::start(|door| door.with_tls(tls.clone())).await;
    let mut open = connect(&server, &first, &[]).await.expect("a handshake");
    assert!(!tls.reload().await.expect("nothing changed"));

    let second = files.renew();
    assert!(tls.reload().await.expect("a new one"));
    connect(&server, &second, &[]).await.expect("the new one is shown");
    assert!(connect(&server, &first, &[]).await.is_err(), "and the old one no more");

    // Half a renewal, as a program that writes the two one after the other leaves it.
    std::fs::write(files.key(), "").expect("a file");
    let error = tls.reload().await.expect_err("no key").to_string();
    assert!(error.contains("key.pem") && error.contains("no private key"), "{error}");
    let other = rcgen::KeyPair::generate().expect("a key").serialize_pem();
    std::fs::write(files.key(), &other).expect("a file");
    let error = tls.reload().await.expect_err("another key").to_string();
    assert!(error.contains("do not belong together") && !error.contains("BEGIN"), "{error}");
    connect(&server, &second, &[]).await.expect("what works goes on working");

    open.write_all(b"GET /old HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.expect("still open");
    let mut answer = String::new();
    open.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "connections of before go on: {answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_handshake_is_not_waited_for() {
    let (files, _) = Files::new();
    let server = Running::start(|door| hasty(door.with_tls(files.tls()))).await;
    for start in ["", "\x16\x03\x01", "GET / HTTP/1.1\r\nhost: x\r\n\r\n"] {
        let mut stream = server.connect().await;
        stream.write_all(start.as_bytes()).await.expect("it listens");
        let answer = rest(&mut stream).await;
        assert!(!answer.contains("HTTP"), "{start:?}: {answer}");
    }
    assert!(server.asked().is_empty());
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let (files, _) = Files::new();
    let error =
        |chain: &std::path::Path, key: &std::path::Path| Tls::new(chain, key).err().expect("refused").to_string();
    assert!(error(&files.folder.path().join("none.pem"), &files.key()).contains("none.pem cannot be read"));
    assert!(error(&files.key(), &files.key()).contains("there is no certificate in"));
    assert!(error(&files.chain(), &files.chain()).contains("there is no private key"));
}
