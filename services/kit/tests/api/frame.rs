//! What surrounds every service's routes.

use axum::{Router, routing::post};
use bytes::Bytes;
use http::Method;
use kit::{
    ApiError,
    extract::Body,
    testing::{Backend, Client, TestDb},
};

async fn app() -> (Client, TestDb) {
    let db = TestDb::new(Backend::Sqlite).await;
    let routes = Router::new()
        .route("/echo", post(async |Body(text): Body<String>| text))
        .route("/panic", post(async || -> String { panic!("secret reason") }))
        .route("/fail", post(async || -> Result<String, ApiError> { Err(ApiError::internal("secret reason")) }));
    (Client::new(kit::http::finish("test", db.connect().await, routes)), db)
}

#[tokio::test]
async fn health_and_readiness() {
    let (client, _db) = app().await;
    assert_eq!(client.get("/health").await.status, 200);
    assert_eq!(client.get("/ready").await.status, 200);
}

#[tokio::test]
async fn what_is_not_there_is_a_problem() {
    let (client, _db) = app().await;
    assert_eq!(client.get("/nothing").await.problem(404).code, "not_found");
    assert_eq!(client.get("/echo").await.problem(405).code, "method_not_allowed");
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_problems() {
    let (client, _db) = app().await;
    let send = async |content_type, body: Vec<u8>| client.send(Method::POST, "/echo", content_type, body.into()).await;
    assert_eq!(send(None, b"\"x\"".to_vec()).await.problem(415).code, "unsupported_media_type");
    assert_eq!(send(Some("text/plain"), b"\"x\"".to_vec()).await.problem(415).code, "unsupported_media_type");
    assert_eq!(send(Some("application/json"), b"\"x".to_vec()).await.problem(400).code, "malformed_json");
    let large = format!("\"{}\"", "x".repeat(10 * 1024 * 1024)).into_bytes();
    assert_eq!(send(Some("application/json"), large).await.problem(413).code, "too_large");
    assert_eq!(send(Some("application/json; charset=utf-8"), b"\"x\"".to_vec()).await.body, "x");
}

#[tokio::test]
async fn failures_tell_nothing_of_their_cause() {
    let (client, _db) = app().await;
    for path in ["/panic", "/fail"] {
        let answer = client.send(Method::POST, path, None, Bytes::new()).await;
        assert_eq!(answer.problem(500).code, "internal");
        assert!(!String::from_utf8_lossy(&answer.body).contains("secret"));
    }
}
