//! How often somebody may ask, how much is answered at once, how slowly a body may arrive.

use std::{
    net::SocketAddr,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use axum::{body::Body, extract::ConnectInfo};
use backend_bff::{Network, PerMinute, Rules, Settings, TrafficLimits};
use futures_util::{
    FutureExt, StreamExt,
    stream::{self, FuturesUnordered},
};
use http::{HeaderValue, Method, Request, header};
use tokio::{sync::Semaphore, time::timeout};

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_other_sites_ask_for_is_not_counted_for_the_visitor() {
    let site = Site::set(per_minute(PerMinute { login: 1, ..PerMinute::any() })).await;
    let mut browser = site.browser();
    browser.peer = Some("203.0.113.9:1".parse().expect("an address"));
    for _ in 0..3 {
        let foreign = Request::builder()
            .method(Method::POST)
            .uri("/forms/login")
            .header("origin", "https://evil.example")
            .header("sec-fetch-site", "cross-site")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let reply = browser.send(foreign, Body::from("email=author%40maru.example&password=x")).await;
        assert_eq!(reply.problem(403).code, "foreign_request");
    }
    let wrong = [("email", "author@maru.example"), ("password", "not it")];
    assert_ne!(browser.post("/forms/login", &wrong).await.status, 429);
    assert_eq!(browser.post("/forms/login", &wrong).await.status, 429);
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

/// Longer than anything here takes that comes to an end.
const LONG: Duration = Duration::from_secs(10);

/// The same from a client behind our proxy.
fn held_by(gate: &Arc<Semaphore>, client: &str) -> Request<Body> {
    let proxy: SocketAddr = "10.0.0.1:4711".parse().expect("an address");
    let mut request = held(gate);
    request.extensions_mut().insert(ConnectInfo(proxy));
    request.headers_mut().insert("x-forwarded-for", HeaderValue::from_str(client).expect("a header"));
    request
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_who_sends_slowly_takes_its_share_of_the_turns_and_no_more() {
    let gate = Arc::new(Semaphore::new(0));
    let limits = TrafficLimits { in_flight: 32, queue: Duration::from_secs(60), ..TrafficLimits::none() };
    let trusted_proxies = vec!["10.0.0.0/8".parse().expect("a network")];
    let network = Network { trusted_proxies, country_header: None };
    let rules = Rules { limits, network, ..Rules::unlimited() };
    let site = Site::set(|settings| Settings { rules, ..settings }).await;
    // Of the eight turns of writers two are theirs, eight of them may wait, and the others learn so at once.
    let mut slow: FuturesUnordered<_> =
        (0..12).map(|at| site.send(held_by(&gate, &format!("2001:db8:1:2::{at}")))).collect();
    for _ in 0..2 {
        let refused = timeout(LONG, slow.next()).await.expect("a refusal").expect("one more");
        assert_eq!(refused.problem(503).code, "overloaded");
    }
    let open = Arc::new(Semaphore::new(1));
    let other = timeout(LONG, site.send(held_by(&open, "2001:db8:1:3::1"))).await.expect("an answer");
    assert_ne!(other.status, 503, "the other turns are everybody's");
    gate.add_permits(10);
    let rest: Vec<u16> = slow.map(|reply| reply.status.as_u16()).collect().await;
    assert!(rest.len() == 10 && !rest.contains(&503), "{rest:?}");
}

/// A form with files that stops arriving.
fn stuck(peer: &str) -> Request<Body> {
    let body = stream::iter([Ok::<_, std::io::Error>("--cut\r\n")]).chain(stream::pending());
    let peer: SocketAddr = peer.parse().expect("an address");
    Request::builder()
        .method(Method::POST)
        .uri("/forms/bug-reports")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut")
        .extension(ConnectInfo(peer))
        .body(Body::from_stream(body))
        .expect("a request")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_who_send_files_slowly_stop_nobody_elses_forms() {
    let limits = TrafficLimits { in_flight: 800, form_queue: Duration::from_millis(200), ..TrafficLimits::none() };
    let site = Site::set(limited(limits)).await;
    let report = [("title", "Cold"), ("description", "The floor is.")];
    let guest = |peer: &str| {
        let mut browser = site.browser();
        (browser.script, browser.peer) = (true, Some(peer.parse().expect("an address")));
        browser
    };

    // One address has room for one.
    let mut slow: FuturesUnordered<_> = (1..=2).map(|port| site.send(stuck(&format!("203.0.113.1:{port}")))).collect();
    let refused = timeout(LONG, slow.next()).await.expect("a refusal").expect("one more");
    assert_eq!(refused.problem(503).code, "overloaded");
    assert_eq!(refused.header("retry-after"), "2");
    let other = timeout(LONG, guest("203.0.113.2:1").post_files("/forms/bug-reports", &report, &[])).await;
    assert_ne!(other.expect("an answer").status, 503);
    drop(slow);

    // Several have all that there is for guests.
    let mut slow: FuturesUnordered<_> = (1..=6).map(|at| site.send(stuck(&format!("203.0.113.{at}:1")))).collect();
    for _ in 0..2 {
        timeout(LONG, slow.next()).await.expect("a refusal").expect("one more").problem(503);
    }
    let picture: (&str, &str, &[u8]) = ("file", "hall.png", b"a picture");
    let of_guest = timeout(LONG, guest("203.0.113.9:1").post_files("/forms/images", &[], &[picture])).await;
    assert_eq!(of_guest.expect("an answer").problem(401).code, "unauthenticated", "who may not is told without room");
    let mut plain = site.browser();
    let of_guest = timeout(LONG, plain.post_files("/forms/images", &[], &[picture])).await.expect("an answer");
    assert_eq!((of_guest.status.as_u16(), of_guest.header("location")), (303, "/login?next=%2Fadmin%2Fimages"));
    assert_eq!(site.calls.uploaded.load(Ordering::SeqCst), 0);
    let author = site.signed_in("author").await;
    kit::testing::eventually("room for a member, unless other tests have it", async || {
        author.clone().post_files("/forms/images", &[], &[picture]).await;
        (site.calls.uploaded.load(Ordering::SeqCst) > 0).then_some(())
    })
    .await;
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
