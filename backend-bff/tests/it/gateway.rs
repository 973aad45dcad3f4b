//! `/api/*` and `/media/*`.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    response::sse::{Event, Sse},
    routing::{get, post},
};
use backend_bff::{PerMinute, Rules, Settings, TrafficLimits, Upstream, Upstreams};
use futures_util::{StreamExt, stream};
use http::{Method, Request, header};
use http_body_util::BodyExt;
use tokio::sync::{Notify, mpsc};

use crate::{site::Site, upstreams::with};

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

/// What a guest only reads goes a shorter way; a length of zero sends it the long one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_ways_through_the_gateway_answer_the_same() {
    let limits = TrafficLimits { per_minute: PerMinute { blog: 1000, ..PerMinute::any() }, ..TrafficLimits::default() };
    let site = Site::set(|settings| Settings { rules: Rules { limits, ..Rules::unlimited() }, ..settings }).await;
    let ask = async |path: &str, long: bool, headers: &[(&'static str, &'static str)]| {
        let mut request = Request::builder().uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if long {
            request = request.header("content-length", "0");
        }
        let reply = site.send(request.body(Body::empty()).expect("a request")).await;
        let seen = std::mem::take(&mut *site.calls.last_headers.lock().expect("not poisoned"));
        let mut seen: Vec<_> = seen.into_iter().filter_map(|(name, value)| Some((name?, value))).collect();
        let mut told: Vec<_> = reply.headers.into_iter().filter_map(|(name, value)| Some((name?, value))).collect();
        for headers in [&mut seen, &mut told] {
            // Of each request another; the length is written below, when it is not there yet.
            let others = ["x-request-id", "ratelimit", "x-deadline-ms", "content-length"];
            headers.retain(|(name, _)| !others.contains(&name.as_str()));
            headers.sort_by(|(one, _), (other, _)| one.as_str().cmp(other.as_str()));
        }
        // A problem names its request.
        let body = Some(reply.body).filter(|_| reply.status.is_success());
        (reply.status, told, seen, body)
    };
    let packed: &[(&str, &str)] = &[("accept-encoding", "gzip"), ("accept-language", "ko"), ("x-user-id", "mallory")];
    for path in ["/api/posts", "/api/v1/posts?page=2", "/api/posts/nothing", "/api/posts/%2e%2e/x", "/api/tags"] {
        for headers in [&[][..], packed] {
            assert_eq!(ask(path, false, headers).await, ask(path, true, headers).await, "{path} {headers:?}");
        }
    }
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
async fn nothing_is_taken_in_of_an_archive_that_is_said_to_be_too_large() {
    let site = Site::start().await;
    let taken = Arc::new(AtomicUsize::new(0));
    let count = taken.clone();
    let pieces = stream::iter(0..128).map(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        Ok::<_, std::io::Error>(vec![0; 1 << 20])
    });
    let said = (3_u64 << 30).to_string();
    let request = Request::builder().method(Method::POST).uri("/api/backups").header(header::CONTENT_LENGTH, said);
    let reply = site.send(request.body(Body::from_stream(pieces)).expect("a request")).await;
    assert_eq!(reply.problem(413).code, "too_large");
    // So much is read for the client to see the answer, although the archive might be far larger.
    let taken = taken.load(Ordering::SeqCst);
    assert!((1..=34).contains(&taken), "{taken} MB");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_for_the_body_of_what_only_reads() {
    let limits = TrafficLimits { in_flight: 1, ..TrafficLimits::none() };
    let site = Site::set(|settings| Settings { rules: Rules { limits, ..Rules::unlimited() }, ..settings }).await;
    for path in ["/api/posts", "/media/x.png"] {
        for method in [Method::GET, Method::HEAD] {
            // As over HTTP/2, where no header tells that there will be one.
            let body = Body::from_stream(stream::pending::<Result<&str, std::io::Error>>());
            let request = Request::builder().method(method.clone()).uri(path).body(body).expect("a request");
            let reply = tokio::time::timeout(Duration::from_secs(10), site.send(request)).await;
            assert_eq!(reply.expect("an answer without the body").status, 200, "{method} {path}");
        }
    }
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
    let health = site.get("/_health").await;
    assert!(health.text().starts_with("ok\n") && health.text().contains("  blog       ready\n"), "{}", health.text());
    let asked = Request::builder().uri("/_health").header("accept", "application/json").body(Body::empty());
    let health: serde_json::Value = site.send(asked.expect("a request")).await.json();
    assert_eq!((&health["status"], &health["services"]["blog"]), (&"ok".into(), &"ready".into()));
    assert_eq!(health["modules"][0]["name"], "good");
    assert!(health["uptime_seconds"].is_u64() && health["release"].is_string(), "{health}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_service_has_its_part_of_the_api() {
    let names = |name: &'static str| {
        let router = Router::new().fallback(get(async move || name));
        Upstream::in_process(router.route("/ready", get(async || "ready")))
    };
    let site = with(|_| Upstreams {
        auth: names("auth"),
        blog: names("blog"),
        content: names("content"),
        page: names("page"),
        analytics: names("analytics"),
        storage: names("storage"),
    })
    .await;
    for (service, paths) in [
        ("auth", "/api/auth/me /api/users /api/author /.well-known/jwks.json /.well-known/openid-configuration"),
        ("blog", "/api/posts/x /api/categories /api/tags/x/merge /api/drafts /api/search /api/search/suggest"),
        ("blog", "/feed.xml /atom.xml /feed.json /tags/x/feed.xml /categories/x/atom.xml /authors/x/feed.json"),
        ("blog", "/sitemap.xml /sitemaps/1.xml /robots.txt"),
        ("content", "/api/comments/x /api/likes/x/status /api/bookmarks /api/v1/comments/x"),
        ("page", "/api/pages /api/pages/notices"),
        ("analytics", "/api/views/post/x /api/stats /api/analytics/pageviews /api/visitors /api/bug-reports"),
        ("storage", "/api/upload /api/images/orphans /api/backups /media/x.png"),
    ] {
        for path in paths.split(' ') {
            assert_eq!(site.get(path).await.text(), service, "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn services_learn_the_address_from_us_alone() {
    let site = Site::start().await;
    let peer: SocketAddr = "203.0.113.9:4711".parse().expect("an address");
    let mut guest = site.browser();
    let request = Request::builder()
        .uri("/api/posts")
        .extension(ConnectInfo(peer))
        .header("x-client-address", "1.2.3.4")
        .header("x-client-country", "KR")
        .header("x-forwarded-for", "1.2.3.4")
        .header("user-agent", "Browser/1.0");
    assert_eq!(guest.send(request, Body::empty()).await.status, 200);
    let seen = site.calls.last_headers.lock().expect("not poisoned").clone();
    assert_eq!(
        (&seen["x-client-address"], &seen["x-forwarded-for"]),
        (&seen["x-forwarded-for"], &seen["x-client-address"])
    );
    assert_eq!(seen["x-client-address"], "203.0.113.9");
    assert_eq!(seen["user-agent"], "Browser/1.0");
    assert!(!seen.contains_key("x-client-country"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uploads_are_passed_on_as_they_arrive() {
    let (arrived, seen) = (Arc::new(Notify::new()), Arc::new(Mutex::new(0usize)));
    let (tell, count) = (arrived.clone(), seen.clone());
    let storage = Router::new().route(
        "/api/upload",
        post(async move |body: Body| {
            let mut pieces = body.into_data_stream();
            while let Some(Ok(piece)) = pieces.next().await {
                *count.lock().expect("not poisoned") += piece.len();
                tell.notify_one();
            }
            "taken"
        }),
    );
    let site = with(|usual| Upstreams { storage: Upstream::in_process(storage), ..usual }).await;
    let (send, receive) = mpsc::channel::<Result<Vec<u8>, std::io::Error>>(1);
    let body = Body::from_stream(stream::unfold(receive, async |mut receive| Some((receive.recv().await?, receive))));
    let request = Request::builder().method(Method::POST).uri("/api/upload").header(header::CONTENT_TYPE, "image/png");
    let request = request.body(body).expect("a request");
    let sending = async {
        send.send(Ok(vec![0; 1000])).await.expect("somebody listens");
        tokio::time::timeout(Duration::from_secs(10), arrived.notified()).await.expect("the first piece is there");
        assert_eq!(*seen.lock().expect("not poisoned"), 1000, "before the rest was sent");
        send.send(Ok(vec![0; 500])).await.expect("somebody listens");
        drop(send);
    };
    let (reply, ()) = tokio::join!(site.send(request), sending);
    assert_eq!((reply.status.as_u16(), reply.text()), (200, "taken"));
    assert_eq!(*seen.lock().expect("not poisoned"), 1500);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_come_through_while_they_happen() {
    let analytics = Router::new().route(
        "/api/analytics/realtime",
        get(async || {
            let first = stream::once(async { Ok::<_, std::convert::Infallible>(Event::default().data("now")) });
            Sse::new(first.chain(stream::pending()))
        }),
    );
    let site = with(|usual| Upstreams { analytics: Upstream::in_process(analytics), ..usual }).await;
    let request = Request::builder().uri("/api/analytics/realtime").header("accept-encoding", "br, gzip");
    let response = site.open(request.body(Body::empty()).expect("a request")).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert_eq!(response.headers()["cache-control"], "private, no-store");
    assert!(!response.headers().contains_key("content-encoding"));
    let mut body = response.into_body();
    let frame = tokio::time::timeout(Duration::from_secs(10), body.frame());
    let frame = frame.await.expect("in time").expect("a frame").expect("whole").into_data().expect("data");
    assert_eq!(frame, "data: now\n\n");
}
