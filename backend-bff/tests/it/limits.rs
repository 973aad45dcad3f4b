//! How often somebody may ask, how much is answered at once, how slowly a body may arrive.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{body::Body, extract::ConnectInfo};
use backend_bff::{PerMinute, Rules, Settings, TrafficLimits};
use futures_util::{
    FutureExt, StreamExt,
    stream::{self, FuturesUnordered},
};
use http::{Method, Request, header};
use tokio::sync::Semaphore;

use crate::site::{Reply, Site};

fn per_minute(per_minute: PerMinute) -> impl FnOnce(Settings) -> Settings {
    limited(TrafficLimits { per_minute, ..TrafficLimits::none() })
}

fn limited(limits: TrafficLimits) -> impl FnOnce(Settings) -> Settings {
    move |settings| Settings { rules: Rules { limits, ..Rules::unlimited() }, ..settings }
}

async fn from(site: &Site, peer: &str, path: &str) -> Reply {
    let mut browser = site.browser();
    browser.script = true;
    browser.peer = Some(peer.parse().expect("an address"));
    browser.get(path).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_too_often_is_told_when_to_come_back() {
    let site = Site::set(per_minute(PerMinute { blog: 3, content: 1, ..PerMinute::any() })).await;
    for left in ["2", "1", "0"] {
        let reply = from(&site, "203.0.113.9:1", "/api/posts").await;
        assert_eq!(reply.status, 200);
        assert_eq!(reply.header("ratelimit-policy"), "\"blog\";q=3;w=60");
        assert!(reply.header("ratelimit").starts_with(&format!("\"blog\";r={left};t=")), "{reply:?}");
    }
    // Each connection has a port of its own.
    let refused = from(&site, "203.0.113.9:2", "/api/v1/posts").await;
    let problem = refused.problem(429);
    assert_eq!(problem.code, "rate_limited");
    assert!(problem.detail.is_some_and(|detail| detail.contains("3 requests a minute")));
    let wait: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=20).contains(&wait), "{wait}");
    assert!(refused.header("ratelimit").starts_with("\"blog\";r=0;t="));
    assert_eq!(refused.header("cache-control"), "private, no-store");

    assert_eq!(from(&site, "203.0.113.10:1", "/api/posts").await.status, 200, "somebody else is not meant");
    assert_ne!(from(&site, "203.0.113.9:1", "/api/comments/x").await.status, 429, "nor is another kind");
    assert_eq!(from(&site, "203.0.113.9:1", "/api/likes/x/status").await.status, 429, "which is one kind as a whole");
    assert!(!from(&site, "203.0.113.9:1", "/bff/session").await.headers.contains_key("ratelimit"), "without a limit");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_signed_in_is_one_wherever_they_are() {
    let site = Site::set(per_minute(PerMinute { blog: 2, ..PerMinute::any() })).await;
    let mut author = site.signed_in("author").await;
    let mut user = site.signed_in("user").await;
    for (address, status) in [("203.0.113.1:1", 200), ("203.0.113.2:1", 200), ("203.0.113.3:1", 429)] {
        author.peer = Some(address.parse().expect("an address"));
        assert_eq!(author.get("/api/posts").await.status.as_u16(), status, "{address}");
    }
    user.peer = author.peer;
    assert_eq!(user.get("/api/posts").await.status, 200, "a colleague behind the same address goes on");
    assert_eq!(from(&site, "203.0.113.3:1", "/api/posts").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn made_up_tokens_and_addresses_make_nobody_somebody_else() {
    let site = Site::set(per_minute(PerMinute { blog: 2, ..PerMinute::any() })).await;
    let peer: SocketAddr = "[2001:db8:1:2::1]:1".parse().expect("an address");
    for (at, status) in [200, 200, 429, 429].into_iter().enumerate() {
        let SocketAddr::V6(mut peer) = peer else { unreachable!() };
        // Whoever has an IPv6 address has 2^64 of them.
        peer.set_ip(format!("2001:db8:1:2::{at}").parse().expect("an address"));
        let request = Request::builder()
            .uri("/api/posts")
            .extension(ConnectInfo(SocketAddr::V6(peer)))
            .header(header::AUTHORIZATION, format!("Bearer made.up.{at}"))
            .header("x-forwarded-for", format!("198.51.100.{at}"))
            .body(Body::empty());
        assert_eq!(site.send(request.expect("a request")).await.status.as_u16(), status, "{at}");
    }
    assert_eq!(from(&site, "[2001:db8:1:3::1]:1", "/api/posts").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passwords_cannot_be_tried_at_will() {
    let site = Site::set(per_minute(PerMinute { login: 3, ..PerMinute::any() })).await;
    let mut browser = site.browser();
    browser.peer = Some("203.0.113.9:1".parse().expect("an address"));
    let wrong = [("email", "author@maru.example"), ("password", "not it")];
    for path in ["/forms/login", "/forms/register", "/forms/login"] {
        assert_ne!(browser.post(path, &wrong).await.status, 429, "{path}");
    }
    let page = browser.post("/forms/login", &wrong).await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (429, "text/html; charset=utf-8"));
    assert!(page.text().contains("too much at once"), "a person gets a page: {}", page.text());
    assert!(!page.header("retry-after").is_empty());
    browser.script = true;
    assert_eq!(browser.post("/forms/login", &wrong).await.problem(429).code, "rate_limited");
    let login =
        Request::builder().method(Method::POST).uri("/api/auth/login").header("content-type", "application/json");
    assert_eq!(browser.send(login, Body::from("{}")).await.problem(429).code, "rate_limited");
    assert_eq!(browser.get("/login").await.status, 200, "reading goes on");
}

/// A request whose body comes when the gate opens.
fn held(gate: &Arc<Semaphore>) -> Request<Body> {
    let gate = gate.clone();
    let body = stream::once(async move {
        gate.acquire().await.expect("it stays open").forget();
        Ok::<_, std::io::Error>("{}")
    });
    let request = Request::builder().method(Method::POST).uri("/api/posts").header("content-type", "application/json");
    request.body(Body::from_stream(body)).expect("a request")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_answered_soon_is_refused_and_the_rest_goes_on() {
    let gate = Arc::new(Semaphore::new(0));
    let limits = TrafficLimits { in_flight: 8, queue: Duration::from_millis(50), ..TrafficLimits::none() };
    let site = Site::set(limited(limits)).await;
    let busy = futures_util::future::join_all((0..2).map(|_| site.send(held(&gate))));
    let crowd = async {
        // Both turns of writers are taken when nothing is left but to be refused.
        let refused = kit::testing::eventually("a refusal", || async {
            let request = Request::builder().method(Method::DELETE).uri("/api/posts/x").body(Body::empty());
            let reply = site.send(request.expect("a request")).await;
            (reply.status == 503).then_some(reply)
        })
        .await;
        assert_eq!(refused.problem(503).code, "overloaded");
        assert_eq!(refused.header("retry-after"), "2");
        assert!(refused.header("content-security-policy").contains("default-src 'none'"));
        let page = site.browser().post("/forms/locale", &[("locale", "ko")]).await;
        assert_eq!((page.status.as_u16(), page.header("content-type")), (503, "text/html; charset=utf-8"));
        assert_eq!(site.get("/api/posts").await.status, 200, "reading has turns of its own");
        assert_eq!(site.get("/_health").await.status, 200);
        gate.add_permits(2);
    };
    let (answered, ()) = tokio::join!(busy, crowd);
    assert!(answered.iter().all(|reply| reply.status != 503), "{answered:?}");
    assert_ne!(site.browser().post("/forms/locale", &[("locale", "ko")]).await.status, 503);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_beyond_all_waiting_is_refused_at_once() {
    let gate = Arc::new(Semaphore::new(0));
    let limits = TrafficLimits { in_flight: 1, queue: Duration::from_secs(60), ..TrafficLimits::none() };
    let site = Site::set(limited(limits)).await;
    let mut crowd: FuturesUnordered<_> =
        (0..20).map(|_| site.send(held(&gate)).map(|reply| reply.status.as_u16())).collect();
    // One has its turn and four may wait; nobody else does.
    for _ in 0..15 {
        assert_eq!(crowd.next().await, Some(503));
    }
    gate.add_permits(5);
    let rest: Vec<u16> = crowd.collect().await;
    assert!(rest.len() == 5 && !rest.contains(&503), "{rest:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_stops_arriving_is_given_up() {
    let limits = TrafficLimits { body_pause: Duration::from_millis(50), ..TrafficLimits::none() };
    let site = Site::set(limited(limits)).await;
    for (path, kind) in [
        ("/api/posts", "application/json"),
        ("/api/upload", "image/png"),
        ("/forms/login", "application/x-www-form-urlencoded"),
        ("/forms/images", "multipart/form-data; boundary=cut"),
        ("/_m/report", "application/json"),
    ] {
        let started = stream::iter([Ok::<_, std::io::Error>("--cut\r\n")]).chain(stream::pending());
        let request = Request::builder().method(Method::POST).uri(path).header(header::CONTENT_TYPE, kind);
        let reply = site.send(request.body(Body::from_stream(started)).expect("a request")).await;
        assert_eq!(reply.problem(408).code, "slow_body", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn so_is_one_that_drips() {
    let limits = TrafficLimits { body: Duration::from_millis(100), ..TrafficLimits::none() };
    let site = Site::set(limited(limits)).await;
    let drops = stream::unfold((), async |()| {
        tokio::time::sleep(Duration::from_millis(5)).await;
        Some((Ok::<_, std::io::Error>(" "), ()))
    });
    let request = Request::builder().method(Method::POST).uri("/api/posts").header("content-type", "application/json");
    let reply = site.send(request.body(Body::from_stream(drops)).expect("a request")).await;
    assert_eq!(reply.problem(408).code, "slow_body");
}
