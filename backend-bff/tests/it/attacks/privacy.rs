//! What was made for one visitor reaches no other.

use axum::body::Body;
use http::{Request, header};

use crate::site::{Reply, Site};

/// Pages and answers that differ by who asks.
const PERSONAL: [&str; 4] = ["/good", "/good/post/hello", "/bff/session", "/bff/pages/admin/posts/edit/hello"];

/// The viewer of the author's pages.
const AUTHOR: &str = r#""id":"id-author","name""#;

fn may_be_shared(reply: &Reply) -> bool {
    let policy = reply.header("cache-control");
    policy.contains("public") || policy.contains("s-maxage") || policy.is_empty()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_sees_their_page_and_the_next_guest_does_not() {
    let site = Site::start().await;
    for path in PERSONAL {
        let before = site.get(path).await;
        let mut author = site.signed_in("author").await;
        author.get("/good").await; // What is shown once has been.
        for _ in 0..2 {
            let own = author.get(path).await;
            assert!(!may_be_shared(&own), "{path}: {}", own.header("cache-control"));
            assert_eq!(path.starts_with("/good") || path == "/bff/session", own.text().contains(AUTHOR), "{path}");
            assert!(!own.headers.contains_key("etag"), "{path}");
            let guest = site.get(path).await;
            assert_eq!(guest.status, before.status, "{path}");
            // A problem names the request that it is about.
            assert!(guest.status != 200 || guest.body == before.body, "{path}");
            assert!(!guest.text().contains(AUTHOR), "{path}");
            let mut user = site.signed_in("user").await;
            assert!(!user.get(path).await.text().contains(AUTHOR), "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_be_shared_says_nothing_of_anybody() {
    let site = Site::start().await;
    let mut author = site.signed_in("author").await;
    for path in ["/good", "/good/post/hello", "/api/posts", "/api/openapi.json", "/_m/modules.json", "/nothing"] {
        for reply in [site.get(path).await, author.get(path).await] {
            if may_be_shared(&reply) {
                assert!(!reply.headers.contains_key(header::SET_COOKIE), "{path}");
                assert!(!reply.text().contains(AUTHOR), "{path}");
                assert!(!reply.headers.contains_key("ratelimit"), "{path}: what is left is one client's affair");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shared_page_cannot_be_spoilt_for_the_next() {
    let site = Site::start().await;
    let clean = site.get("/good").await;
    for (name, value) in [
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-scheme", "http"),
        ("x-original-url", "/nothing"),
        ("x-http-method-override", "POST"),
        ("accept-language", "ko\"><script>"),
        ("origin", "https://evil.example"),
        ("cookie", "locale=\"><script>; flash=error:evil"),
        ("range", "bytes=0-10"),
    ] {
        let request = Request::builder().uri("/good").header(name, value).body(Body::empty()).expect("a request");
        site.send(request).await;
        let next = site.get("/good").await;
        assert_eq!((next.status, &next.body), (clean.status, &clean.body), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_who_wrote_something_has_pages_of_their_own() {
    let site = Site::start().await;
    let mut guest = site.browser();
    guest.cookies.insert("guest".into(), "a-token-of-a-writer".into());
    let own = guest.get("/good/post/hello").await;
    assert!(!may_be_shared(&own) && !own.headers.contains_key("etag"));
    assert!(!site.get("/good/post/hello").await.text().contains("a-token-of-a-writer"));
    assert!(!own.text().contains("a-token-of-a-writer"), "it stays in its cookie");
}
