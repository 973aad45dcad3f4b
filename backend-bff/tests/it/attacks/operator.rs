//! What is for operators and services is out of reach.

use axum::body::Body;
use http::{Method, Request, header};

use crate::{
    bundles::TestBundle,
    site::{OPERATOR_TOKEN, Site},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_public_side_has_no_operator_calls() {
    let site = Site::start().await;
    let calls = [
        (Method::GET, "/metrics"),
        (Method::GET, "/_metrics"),
        (Method::GET, "/modules"),
        (Method::POST, "/modules"),
        (Method::POST, "/modules/good/release"),
        (Method::POST, "/modules/good/rollback"),
        (Method::GET, "/_operator/modules"),
    ];
    for (method, path) in calls {
        // Even for who knows the token.
        let request = Request::builder()
            .method(method.clone())
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {OPERATOR_TOKEN}"))
            .body(Body::from(TestBundle::good().version("9.9.9").tar_gz()));
        let reply = site.send(request.expect("a request")).await;
        assert!(matches!(reply.status.as_u16(), 404 | 405), "{method} {path}: {}", reply.status);
        assert!(!reply.text().contains("maru_request"), "{path}");
    }
    assert!(!site.get("/good").await.text().contains("9.9.9"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_leads_to_what_services_keep_for_each_other() {
    let site = Site::start().await;
    let mut admin = site.signed_in("admin").await;
    for path in [
        "/internal/redirects?path=/2019/01/old-post.html",
        "/api/internal/redirects?path=/2019/01/old-post.html",
        "/api/posts/../../internal/redirects?path=/2019/01/old-post.html",
        "/api/posts/%2e%2e/%2e%2e/internal/redirects?path=/2019/01/old-post.html",
        "/api/posts/..%2f..%2finternal%2fredirects?path=/2019/01/old-post.html",
        "/api/v1/../internal/redirects?path=/2019/01/old-post.html",
        "/api/v1//internal/redirects?path=/2019/01/old-post.html",
        "//internal/redirects?path=/2019/01/old-post.html",
        "/media/../internal/redirects?path=/2019/01/old-post.html",
        "/api/posts/%252e%252e/internal/redirects?path=/2019/01/old-post.html",
        "/openapi.json",
        "/ready",
        "/api/ready",
    ] {
        for authorization in ["Service test-service-token", "Bearer x"] {
            let request = Request::builder().uri(path).header(header::AUTHORIZATION, authorization);
            let reply = admin.send(request, Body::empty()).await;
            assert!(matches!(reply.status.as_u16(), 400 | 401 | 404), "{path}: {} {}", reply.status, reply.text());
            assert!(!reply.text().contains("/good/post/마루"), "{path}");
        }
    }
    let calls = site.calls.blog.lock().expect("not poisoned");
    let as_service = |call: &&String| call.contains("Service") && call.contains("old-post");
    assert_eq!(calls.iter().find(as_service), None, "no client speaks as a service");
}
