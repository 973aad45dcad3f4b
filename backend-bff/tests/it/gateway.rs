//! `/api/*` and `/media/*`.

use axum::body::Body;
use http::{Method, Request, header};

use crate::site::Site;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_reach_their_service_and_no_other() {
    let site = Site::start().await;
    assert_eq!(site.get("/api/posts").await.status, 200);
    assert_eq!(site.get("/api/v1/posts").await.status, 200);
    assert_eq!(site.get("/media/x.png").await.header("content-type"), "image/png");
    for path in ["/api", "/api/nothing", "/api/commentary", "/api/internal/setup"] {
        assert_eq!(site.get(path).await.problem(404).code, "not_found", "{path}");
    }
    for path in ["/api/posts/..%2f..%2finternal", "/api/posts/%2e%2e/x", "/api//posts", "/api/posts/%zz"] {
        assert_eq!(site.get(path).await.problem(400).code, "bad_path", "{path}");
    }
    assert_eq!(site.get("/internal/redirects?path=/2019/01/old-post.html").await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_becomes_a_token_and_other_identities_are_dropped() {
    let site = Site::start().await;
    let mut author = site.signed_in("author").await;
    let request =
        Request::builder().uri("/api/posts").header("x-user-id", "mallory").header("x-forwarded-for", "1.2.3.4");
    assert_eq!(author.send(request, Body::empty()).await.status, 200);
    let seen = site.calls.last_headers.lock().expect("not poisoned").clone();
    assert_eq!(seen["authorization"], "Bearer access-author-0");
    assert!(!seen.contains_key("cookie") && !seen.contains_key("x-user-id") && !seen.contains_key("x-forwarded-for"));
    assert!(seen.contains_key("x-request-id"));

    let request = Request::builder().uri("/api/posts").header(header::AUTHORIZATION, "Bearer mine");
    author.send(request, Body::empty()).await;
    assert_eq!(site.calls.last_headers.lock().expect("not poisoned")["authorization"], "Bearer mine");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_have_a_size() {
    let site = Site::start().await;
    let post = |path: &'static str, size: usize| {
        let request = Request::builder().method(Method::POST).uri(path).header("content-type", "application/json");
        site.send(request.body(Body::from(vec![b'x'; size])).expect("a request"))
    };
    for path in ["/api/posts", "/api/auth/login", "/forms/login", "/_m/report"] {
        assert_eq!(post(path, 10 << 20).await.problem(413).code, "too_large", "{path}");
    }
    assert_eq!(post("/api/upload", 9 << 20).await.status, 201);
    assert_eq!(post("/api/upload", 11 << 20).await.problem(413).code, "too_large");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readiness_says_who_is_missing() {
    let site = Site::start().await;
    let ready: serde_json::Value = site.get("/_ready").await.json();
    let wanted = serde_json::json!({
        "ready": true, "auth": true, "blog": true, "content": true, "page": true, "analytics": true, "storage": true,
        "shell": true
    });
    assert_eq!(ready, wanted);
    assert_eq!(site.get("/_health").await.text(), "ok");
}
