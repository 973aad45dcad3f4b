//! What the BFF does while services fail, over real sockets: breakers, retries, balancing, coalescing.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use backend_bff::{BreakerLimits, Limits, Upstream, Upstreams};
use contracts::{blog::Paged, pages::PostListPage};
use futures_util::{StreamExt, future::join_all, stream};
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use kit::testing::eventually;
use tokio::{sync::Notify, time::timeout};

use crate::{
    services,
    site::Site,
    upstreams::{listen, with},
};

/// A blog that can be told to fail.
#[derive(Default)]
struct Moody {
    fails: AtomicBool,
    /// Only every third call fails.
    sometimes: AtomicBool,
    hangs: AtomicBool,
    calls: AtomicU64,
    healths: AtomicU64,
    /// Calls wait here while it is closed.
    closed: AtomicBool,
    opened: Notify,
}

impl Moody {
    fn router(self: &Arc<Self>) -> Router {
        Router::new()
            .route("/health", get(health))
            .route("/api/posts", get(posts))
            .route("/api/categories", get(async || Json(Paged::<contracts::blog::Term>::default())))
            .with_state(self.clone())
    }

    fn calls(&self) -> u64 {
        self.calls.load(Ordering::SeqCst)
    }
}

async fn health(State(moody): State<Arc<Moody>>) -> Response {
    moody.healths.fetch_add(1, Ordering::SeqCst);
    if moody.hangs.load(Ordering::SeqCst) {
        std::future::pending::<()>().await;
    }
    let fails = moody.fails.load(Ordering::SeqCst);
    if fails { StatusCode::BAD_GATEWAY.into_response() } else { "ok".into_response() }
}

async fn posts(State(moody): State<Arc<Moody>>) -> Response {
    let number = moody.calls.fetch_add(1, Ordering::SeqCst);
    if moody.hangs.load(Ordering::SeqCst) {
        std::future::pending::<()>().await;
    }
    while moody.closed.load(Ordering::SeqCst) {
        moody.opened.notified().await;
    }
    let sometimes = moody.sometimes.load(Ordering::SeqCst) && number % 3 == 0;
    if sometimes || moody.fails.load(Ordering::SeqCst) {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    let posts = Paged { items: vec![services::summary("one")], total: 1 };
    Json(posts).into_response()
}

/// Breakers that do not rest for long, so that tests need not either.
fn quick() -> Limits {
    let breaker = BreakerLimits {
        rest: Duration::from_millis(50),
        longest_rest: Duration::from_millis(200),
        ..BreakerLimits::default()
    };
    Limits { breaker, ..Limits::default() }
}

async fn site_of(moody: &Arc<Moody>, limits: Limits) -> Site {
    let url = listen(moody.router()).await;
    let blog = Upstream::http(url).expect("a client").limited(limits);
    with(|usual| Upstreams { blog, ..usual }).await
}

async fn breaker(site: &Site, place: usize) -> String {
    let all: serde_json::Value = site.operate(Method::GET, "/upstreams", "").await.json();
    let blog = all.as_array().expect("a list").iter().find(|one| one["name"] == "blog").expect("the blog");
    blog["targets"][0]["addresses"][place]["breaker"].as_str().expect("a state").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_breaker_opens_spares_the_service_and_closes_by_itself() {
    let moody = Arc::new(Moody::default());
    let site = site_of(&moody, quick()).await;
    assert_eq!(site.get("/bff/pages/posts").await.status, 200);
    moody.fails.store(true, Ordering::SeqCst);
    eventually("the breaker to open", async || {
        let status = site.get("/bff/pages/posts").await.status.as_u16();
        assert!(matches!(status, 502 | 503), "{status}");
        (breaker(&site, 0).await == "open").then_some(())
    })
    .await;
    let (before, asked) = (moody.calls(), moody.healths.load(Ordering::SeqCst));
    let refused = site.get("/bff/pages/posts").await;
    assert_eq!(refused.problem(503).code, "unavailable");
    assert_eq!(refused.header("retry-after"), "5");
    eventually("some probes", async || (moody.healths.load(Ordering::SeqCst) > asked + 1).then_some(())).await;
    assert_eq!(moody.calls(), before, "nobody's request goes to a service that is left alone");
    moody.fails.store(false, Ordering::SeqCst);
    eventually("the breaker to close", async || {
        let status = site.get("/bff/pages/posts").await.status;
        (status == 200 && breaker(&site, 0).await == "closed").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hanging_service_is_left_alone_before_its_deadline() {
    let moody = Arc::new(Moody::default());
    // Whoever waited for the deadline would hang this test.
    let limits = Limits { deadline: Duration::from_secs(60), overdue: Duration::from_millis(100), ..quick() };
    let site = site_of(&moody, limits).await;
    moody.hangs.store(true, Ordering::SeqCst);
    // Different ones, so that they are not one call.
    let waiting: Vec<_> = (1..=8).map(|page| format!("/api/posts?page={page}")).collect();
    let waiting = join_all(waiting.iter().map(|path| site.get(path)));
    tokio::select! {
        answers = waiting => panic!("answered: {}", answers[0].status),
        () = eventually("the breaker to open", async || (breaker(&site, 0).await == "open").then_some(())) => {}
    }
    site.get("/api/posts").await.problem(503);
    moody.hangs.store(false, Ordering::SeqCst);
    eventually("answers again", async || (site.get("/api/posts").await.status == 200).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retries_help_within_a_fifth_of_the_calls() {
    let moody = Arc::new(Moody::default());
    let site = site_of(&moody, Limits::default()).await;
    moody.sometimes.store(true, Ordering::SeqCst);
    let mut good = 0;
    for _ in 0..100 {
        good += u64::from(site.get("/api/posts").await.status == 200);
    }
    assert!(moody.calls() <= 120, "{} calls for 100", moody.calls());
    assert!(moody.calls() >= 110, "{} calls for 100: nothing was tried again", moody.calls());
    assert!(good > 70, "{good}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failing_service_gets_no_more_calls_than_a_healthy_one() {
    let moody = Arc::new(Moody::default());
    moody.fails.store(true, Ordering::SeqCst);
    let site = site_of(&moody, Limits::default()).await;
    for _ in 0..50 {
        assert!(site.get("/api/posts").await.status.is_server_error());
    }
    assert!(moody.calls() <= 60, "{} calls for 50", moody.calls());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_changes_something_is_sent_twice() {
    let moody = Arc::new(Moody::default());
    let router = Router::new().route(
        "/api/posts",
        axum::routing::post(async |State(moody): State<Arc<Moody>>| {
            moody.calls.fetch_add(1, Ordering::SeqCst);
            StatusCode::BAD_GATEWAY
        }),
    );
    let url = listen(router.with_state(moody.clone())).await;
    let blog = Upstream::balanced(&[url.clone(), url]).expect("a client");
    let site = with(|usual| Upstreams { blog, ..usual }).await;
    let mut author = site.signed_in("author").await;
    author.post("/forms/posts", &[("title", "Hello"), ("content", "text")]).await;
    assert_eq!(moody.calls(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_who_ask_the_same_are_one_call() {
    let moody = Arc::new(Moody::default());
    // Queues may be long on a busy machine.
    let limits = Limits { deadline: Duration::from_secs(60), overdue: Duration::from_secs(60), ..Limits::default() };
    let site = site_of(&moody, limits).await;
    moody.closed.store(true, Ordering::SeqCst);
    // Unconstrained, so that each has asked when it was polled once.
    let asked = join_all((0..1000).map(|_| tokio::task::unconstrained(site.get("/bff/pages/authors/id-author"))));
    let open = async {
        eventually("the first call", async || (moody.calls() > 0).then_some(())).await;
        // The others get their turns, however often they have to wait for each other before they ask.
        for _ in 0..10_000 {
            tokio::task::yield_now().await;
        }
        moody.closed.store(false, Ordering::SeqCst);
        moody.opened.notify_waiters();
    };
    let (answers, ()) = tokio::join!(asked, open);
    for answer in &answers {
        assert_eq!(answer.json::<PostListPage>().total, 1);
    }
    assert_eq!(moody.calls(), 1);
    // Somebody who is signed in may see something else.
    let mut author = site.signed_in("author").await;
    author.get("/bff/pages/authors/id-author").await;
    assert_eq!(moody.calls(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_address_is_left_out_until_it_lives() {
    let (one, other) = (Arc::new(Moody::default()), Arc::new(Moody::default()));
    other.fails.store(true, Ordering::SeqCst);
    let urls = [listen(one.router()).await, listen(other.router()).await];
    let blog = Upstream::balanced(&urls).expect("a client").limited(quick());
    let site = with(|usual| Upstreams { blog, ..usual }).await;
    eventually("the dead one to be left out", async || {
        site.get("/api/posts").await;
        (breaker(&site, 1).await == "open").then_some(())
    })
    .await;
    let before = other.calls();
    for _ in 0..50 {
        assert_eq!(site.get("/api/posts").await.status, 200, "nobody notices");
    }
    assert_eq!(other.calls(), before);
    other.fails.store(false, Ordering::SeqCst);
    eventually("both to be asked", async || {
        assert_eq!(site.get("/api/posts").await.status, 200);
        (other.calls() > before + 5).then_some(())
    })
    .await;
    assert_eq!(breaker(&site, 1).await, "closed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_optional_part_that_hangs_costs_its_corner() {
    let hangs = Router::new().fallback(async || std::future::pending::<()>().await);
    let content = Upstream::http(listen(hangs).await).expect("a client");
    let site = with(|usual| Upstreams { content, ..usual }).await;
    let post: contracts::pages::PostPage = site.get("/bff/pages/post/hello").await.json();
    assert!(post.missing.contains(&"comments".to_owned()), "{:?}", post.missing);
    assert!(post.html.starts_with("<p>One"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_learns_how_long_is_waited_for_it() {
    let router = Router::new().fallback(async |headers: http::HeaderMap| {
        headers.get("x-deadline-ms").and_then(|value| value.to_str().ok()).unwrap_or("none").to_owned()
    });
    let blog = Upstream::http(listen(router).await).expect("a client");
    let site = with(|usual| Upstreams { blog, ..usual }).await;
    let told: u64 = site.get("/api/posts").await.text().parse().expect("a number");
    assert!((1..=2000).contains(&told), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_stops_arriving_is_given_up() {
    let router = Router::new().fallback(async || {
        Body::from_stream(stream::iter([Ok::<_, std::io::Error>("begun")]).chain(stream::pending()))
    });
    let limits = Limits { body_pause: Duration::from_millis(100), ..Limits::default() };
    let blog = Upstream::http(listen(router).await).expect("a client").limited(limits);
    let site = with(|usual| Upstreams { blog, ..usual }).await;
    // On the short way through the gateway, and on the long one.
    for length in [None, Some("0")] {
        let mut request = Request::builder().uri("/api/posts");
        if let Some(length) = length {
            request = request.header("content-length", length);
        }
        let answer = site.open(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.status(), 200);
        let mut body = answer.into_body();
        let begun = body.frame().await.expect("a piece").expect("whole").into_data().expect("data");
        assert_eq!(begun, "begun");
        let end = timeout(Duration::from_secs(10), body.frame()).await.expect("an end to waiting");
        assert!(end.expect("not as if it were whole").is_err());
    }
    // And where it is read whole before it is passed on.
    let feed = timeout(Duration::from_secs(10), site.get("/feed.xml")).await.expect("an end to waiting");
    assert!(feed.status.is_server_error(), "{}", feed.status);
}
