//! Headers, addresses and redirects made of what a client sends.

use axum::body::Body;
use http::{Request, header};

use crate::{services::PASSWORD, site::Site};

/// Whether a browser that is sent there is still here, read as browsers read it.
#[track_caller]
fn stays(location: &str) {
    let here = url::Url::parse("http://localhost:8080/forms/login").expect("a URL");
    let there = here.join(location).expect("a URL");
    assert_eq!(there.origin(), here.origin(), "{location:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_in_leads_nowhere_else() {
    let site = Site::start().await;
    for next in [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/\r\nlocation: https://evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.example",
        "@evil.example",
    ] {
        for in_query in [false, true] {
            let mut browser = site.browser();
            let mut fields = vec![("email", "author@maru.example"), ("password", PASSWORD)];
            let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
            let action = if in_query { format!("/forms/login?{query}") } else { "/forms/login".to_owned() };
            if !in_query {
                fields.push(("next", next));
            }
            let reply = browser.post(&action, &fields).await;
            assert_eq!(reply.status, 303, "{next:?}");
            stays(reply.header("location"));
        }
    }
    let mut browser = site.browser();
    let fields = [("email", "author@maru.example"), ("password", PASSWORD), ("next", "/good/post/마루?a=1&b=//x")];
    let reply = browser.post("/forms/login", &fields).await;
    assert_eq!(reply.header("location"), "/good/post/%EB%A7%88%EB%A3%A8?a=1&b=//x", "but anywhere here");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_path_becomes_a_redirect_elsewhere() {
    let site = Site::start().await;
    for path in
        ["//evil.example/", "//evil.example//", "/%2f%2fevil.example/", "/%5cevil.example/", "/good//evil.example/"]
    {
        let reply = site.get(path).await;
        stays(reply.header("location"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_client_sends_becomes_no_header() {
    let site = Site::start().await;
    let request = Request::builder()
        .uri("/good?x=%0d%0aset-cookie:%20a=b")
        .header("x-request-id", "mallory")
        .header(header::COOKIE, "flash=success:%0d%0aset-cookie; locale=ko%0d%0ax; theme=<script>")
        .body(Body::empty());
    let reply = site.send(request.expect("a request")).await;
    assert_eq!(reply.status, 200);
    assert_ne!(reply.header("x-request-id"), "mallory");
    for (name, value) in &reply.headers {
        let value = value.to_str().expect("text");
        assert!(!value.contains("mallory") && !value.contains("a=b"), "{name}: {value}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_address_is_made_of_the_host_that_a_client_names() {
    let site = Site::start().await;
    for path in ["/good", "/nothing", "/api/openapi.json", "/api/docs", "/good/"] {
        let request = Request::builder()
            .uri(path)
            .header(header::HOST, "evil.example")
            .header("x-forwarded-host", "evil.example")
            .header("x-forwarded-proto", "https")
            .header("x-original-url", "/admin")
            .header("x-rewrite-url", "/admin")
            .header("forwarded", "host=evil.example")
            .body(Body::empty());
        let reply = site.send(request.expect("a request")).await;
        assert!(!reply.text().contains("evil.example"), "{path}");
        let told = reply.headers.values().any(|value| value.as_bytes().windows(4).any(|part| part == b"evil"));
        assert!(!told, "{path}: {:?}", reply.headers);
        assert!(!reply.headers.contains_key("strict-transport-security"), "only what the settings say is secure");
    }
}
