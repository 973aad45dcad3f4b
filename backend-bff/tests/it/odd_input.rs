//! Whatever arrives, there is a clear answer.

use axum::body::Body;
use http::{Method, Request};

use crate::site::Site;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_paths_get_a_page() {
    let site = Site::start().await;
    for (path, status) in [
        ("/good/%EB%A7%88%EB%A3%A8", 200),
        ("/good/%F0%9F%8F%AF", 200),
        ("/good/%", 400),
        ("/good/%zz", 400),
        ("/good/%ff", 400),
        ("/good/%00", 400),
        ("/good/..", 400),
        ("/good/%2e%2e/admin", 400),
        ("/good/a%2Fb", 400),
        ("/good/a%5Cb", 400),
        ("//evil.example", 404),
        ("/good//x", 404),
        ("/GOOD", 404),
        ("/goodness", 404),
        ("/%E0%A4%A", 400),
    ] {
        let reply = site.get(path).await;
        assert_eq!(reply.status, status, "{path}");
        assert!(reply.text().starts_with("<!doctype html>") && reply.body.len() > 500, "{path}");
        assert!(!reply.header("location").starts_with("//"), "{path}");
    }
    let long = format!("/good/{}", "a".repeat(60_000));
    assert_eq!(site.get(&long).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_methods_and_bodies_are_problems() {
    let site = Site::start().await;
    let send = |method: Method, path: &'static str, kind: &'static str, body: &'static str| {
        let request = Request::builder().method(method).uri(path).header("content-type", kind);
        site.send(request.body(Body::from(body)).expect("a request"))
    };
    assert_eq!(send(Method::POST, "/good", "text/plain", "").await.problem(405).code, "method_not_allowed");
    assert_eq!(send(Method::DELETE, "/forms/login", "text/plain", "").await.problem(405).code, "method_not_allowed");
    assert_eq!(send(Method::GET, "/forms/login", "text/plain", "").await.problem(405).code, "method_not_allowed");
    assert_eq!(send(Method::POST, "/forms/nothing", "text/plain", "").await.problem(404).code, "not_found");
    for kind in ["application/json", "multipart/form-data; boundary=x", ""] {
        let problem = send(Method::POST, "/forms/login", kind, "{").await.problem(415);
        assert_eq!(problem.code, "unsupported_media_type");
        assert!(problem.request_id.is_some());
    }
    let form = "application/x-www-form-urlencoded";
    assert_eq!(send(Method::POST, "/forms/login", form, "%ff%00&&&=&x=%").await.status, 422);
    assert_eq!(send(Method::POST, "/forms/locale", form, "locale=xx").await.status, 422);
    assert_eq!(send(Method::POST, "/_m/report", "application/json", "{").await.problem(400).code, "malformed_json");
    assert_eq!(send(Method::POST, "/_m/report", "application/json", r#"{"module":"blog"}"#).await.status, 204);
}
