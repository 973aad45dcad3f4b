//! What is the same for everybody is made once.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{body::Body, extract::State, middleware::from_fn_with_state, response::IntoResponse};
use backend_bff::Upstream;
use contracts::cache::{CacheStatus, Purged, TagKeys};
use http::{Method, Request, StatusCode, header};

use crate::{
    bundles::TestBundle,
    log::Log,
    services,
    site::{Reply, Site},
};

async fn get_with(site: &Site, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::builder().uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    site.send(request.body(Body::empty()).expect("a request")).await
}

async fn status(site: &Site) -> CacheStatus {
    site.operate(Method::GET, "/cache", "").await.json()
}

async fn purge(site: &Site, what: &str) -> Purged {
    site.operate(Method::POST, "/cache/purge", what.to_owned()).await.json()
}

fn calls(site: &Site) -> Vec<String> {
    let mut calls = site.calls.blog.lock().expect("not poisoned").clone();
    calls.sort();
    calls
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_many_ask_for_a_cold_page_it_is_made_once() {
    let site = Arc::new(Site::start().await);
    let asked: Vec<_> = (0..1000)
        .map(|_| {
            let site = site.clone();
            tokio::spawn(async move { site.get("/good/post/hello").await })
        })
        .collect();
    let mut bodies = Vec::new();
    for one in asked {
        let reply = one.await.expect("an answer");
        assert_eq!(reply.status, 200);
        bodies.push(reply.body);
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    assert_eq!(site.counters("good").await, (1, 0), "one rendering");
    let calls = calls(&site);
    let mut different = calls.clone();
    different.dedup();
    assert_eq!(calls, different, "nothing was asked for twice");
    assert!(calls.iter().all(|call| call.ends_with(" -")), "without credentials: {calls:?}");
    let status = status(&site).await;
    assert_eq!((status.entries, status.hits + status.misses), (1, 1000));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hit_is_dressed_as_what_went_the_long_way() {
    let site = Site::start().await;
    let (cold, warm) = (site.get("/good").await, site.get("/good").await);
    assert_eq!(cold.body, warm.body);
    let names = |reply: &Reply| {
        let mut names: Vec<_> = reply.headers.keys().map(ToString::to_string).collect();
        names.sort();
        names
    };
    assert_eq!(names(&cold), names(&warm));
    for (name, value) in &cold.headers {
        assert_eq!(warm.headers.get(name) == Some(value), name != "x-request-id", "{name}");
    }
    assert!(!warm.headers.contains_key(header::SET_COOKIE));
    assert_eq!(site.counters("good").await, (1, 0));
    assert_eq!(status(&site).await.hits, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hit_is_logged_with_what_finds_it() {
    let site = Site::start().await;
    site.get("/good").await;
    let log = Log::default();
    // On this thread alone, which the test and what it awaits do not leave.
    let listening = tracing::subscriber::set_default(log.clone());
    let hit = site.get("/good").await;
    drop(listening);
    let lines = log.0.lock().expect("not poisoned").clone();
    let line = lines.iter().find(|line| line.contains("answered from the page cache"));
    let line = line.unwrap_or_else(|| panic!("no line about it in {lines:?}"));
    let id = format!("id={:?}", hit.header("x-request-id"));
    for field in [&*id, "method=GET", "route=\"kept\"", "status=200"] {
        assert!(line.contains(field), "{field} is not in {line}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hit_has_an_etag_and_answers_304() {
    let site = Site::start().await;
    let first = site.get("/good").await;
    let etag = first.header("etag").to_owned();
    assert!(etag.starts_with("W/\""), "{etag}");
    for given in [etag.as_str(), &format!("\"other\", {etag}"), etag.trim_start_matches("W/")] {
        let again = get_with(&site, "/good", &[("if-none-match", given)]).await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{given}");
        for name in ["etag", "cache-control", "vary", "x-request-id", "content-security-policy"] {
            assert!(!again.header(name).is_empty(), "{name}");
        }
    }
    assert_eq!(get_with(&site, "/good", &[("if-none-match", "\"other\"")]).await.status, 200);
    let head = Request::builder().method(Method::HEAD).uri("/good").body(Body::empty());
    let head = site.send(head.expect("a request")).await;
    assert_eq!((head.body.len(), head.header("content-length")), (0, &*first.body.len().to_string()));
    assert_eq!(site.counters("good").await, (1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn packed_forms_are_kept_beside_the_plain_one() {
    let site = Site::start().await;
    let plain = site.get("/good/post/hello").await;
    for encoding in ["br", "gzip", "zstd", "br"] {
        let reply = get_with(&site, "/good/post/hello", &[("accept-encoding", encoding)]).await;
        assert_eq!(reply.header("content-encoding"), encoding);
        assert!(reply.header("vary").contains("Accept-Encoding"));
        assert_eq!(reply.header("content-length"), reply.body.len().to_string());
        assert_eq!(reply.header("etag"), plain.header("etag"));
        let mut unpacked = Vec::new();
        let mut reader: Box<dyn std::io::Read> = match encoding {
            "br" => Box::new(brotli::Decompressor::new(&reply.body[..], 4096)),
            "gzip" => Box::new(flate2::read::GzDecoder::new(&reply.body[..])),
            _ => Box::new(std::io::Cursor::new(zstd::decode_all(&reply.body[..]).expect("zstd"))),
        };
        reader.read_to_end(&mut unpacked).expect("whole");
        assert!(reply.body.len() < unpacked.len() && unpacked == plain.body, "{encoding}");
    }
    assert_eq!(site.counters("good").await, (1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_named_query_keys_make_another_page() {
    let site = Site::start().await;
    let plain = site.get("/good").await;
    for spelling in ["/good?utm_source=x", "/good?page=", "/good?fbclid=1&utm_medium=y", "/%67ood"] {
        assert_eq!(site.get(spelling).await.body, plain.body, "{spelling}");
    }
    assert_eq!((status(&site).await.entries, site.counters("good").await.0), (1, 1));
    let second = site.get("/good?page=2&sort=liked").await;
    assert_eq!(second.boot()["request"]["query"], "page=2&sort=liked");
    for spelling in ["/good?sort=liked&page=2", "/good?x=1&page=2&page=3&sort=liked"] {
        assert_eq!(site.get(spelling).await.body, second.body, "{spelling}");
    }
    assert_eq!((status(&site).await.entries, site.counters("good").await.0), (2, 2));
    let korean = get_with(&site, "/good", &[("accept-language", "ko")]).await;
    assert!(korean.text().contains("lang=\"ko\"") && site.get("/good").await.body == plain.body);
    assert_eq!(status(&site).await.entries, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_somebodys_is_neither_kept_nor_given_to_others() {
    let site = Site::start().await;
    let mut author = site.signed_in("author").await;
    let theirs = author.get("/good").await;
    assert!(theirs.text().contains("<p>author</p>") && theirs.header("cache-control") == "private, no-cache");
    assert_eq!(status(&site).await.entries, 0);
    let anybodys = site.get("/good").await;
    assert!(!anybodys.text().contains("<p>author</p>"));
    assert!(author.get("/good").await.text().contains("<p>author</p>"), "not from what is kept");
    let by_token = get_with(&site, "/good", &[("authorization", "Bearer nobodys")]).await;
    assert!(by_token.header("cache-control").starts_with("private"));
    let known = get_with(&site, "/good", &[("cookie", "guest=-")]).await;
    assert!(known.header("cache-control").starts_with("private"), "a guest who did something here");
    let told = get_with(&site, "/good", &[("cookie", "flash=success:saved")]).await;
    assert!(told.text().contains("data-flash=\"saved\"") && !told.header("set-cookie").is_empty());
    assert!(site.get("/good").await.text().contains("data-flash=\"\""));
    for path in ["/admin", "/good/post/missing", "/nowhere", "/bff/session", "/hostile/panic"] {
        site.get(path).await;
    }
    assert_eq!(status(&site).await.entries, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_stale_is_shown_while_services_are_away() {
    let away = Arc::new(AtomicBool::new(false));
    let switch = away.clone();
    let site = Site::start_with(Site::folder(), "http://localhost:8080", |mut upstreams| {
        let calls = Arc::default();
        let blog = services::blog(calls).layer(from_fn_with_state(
            switch,
            async |State(away): State<Arc<AtomicBool>>, request, next: axum::middleware::Next| {
                if away.load(Ordering::SeqCst) {
                    return StatusCode::SERVICE_UNAVAILABLE.into_response();
                }
                next.run(request).await
            },
        ));
        upstreams.blog = Upstream::in_process(blog);
        upstreams
    })
    .await
    .expect("the BFF starts");
    let whole = site.get("/good/post/hello").await;
    assert_eq!(whole.status, 200);
    away.store(true, Ordering::SeqCst);
    site.wait(3600);
    for _ in 0..3 {
        let stale = site.get("/good/post/hello").await;
        assert_eq!((stale.status.as_u16(), &stale.body), (200, &whole.body));
        site.wait(600);
    }
    assert_eq!(site.get("/good/post/other").await.status, 503, "what was never had cannot be shown");
    assert!(status(&site).await.failures >= 3);
    site.wait(25 * 3600);
    assert_eq!(site.get("/good/post/hello").await.status, 503, "not for ever");
    away.store(false, Ordering::SeqCst);
    assert_eq!(site.get("/good/post/hello").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_went_stale_is_made_anew() {
    let site = Site::start().await;
    site.get("/good").await;
    site.wait(59);
    site.get("/good").await;
    assert_eq!(site.counters("good").await.0, 1);
    site.wait(2);
    site.get("/good").await;
    assert_eq!(site.counters("good").await.0, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_takes_no_more_room_than_it_may() {
    const ROOM: u64 = 100_000;
    let site = Site::set(|settings| backend_bff::Settings { page_cache_bytes: ROOM, ..settings }).await;
    for page in 0..200 {
        assert_eq!(site.get(&format!("/good?page={page}")).await.status, 200);
        let status = status(&site).await;
        assert!(status.bytes <= ROOM, "{status:?}");
    }
    let full = status(&site).await;
    assert!(full.entries > 3 && full.entries < 100, "{full:?}");
    let tagged: u64 = full.tags.iter().map(|tag| tag.entries).max().unwrap_or_default();
    assert!(tagged <= full.entries, "what went is forgotten by its tags too: {full:?}");

    let none = Site::set(|settings| backend_bff::Settings { page_cache_bytes: 0, ..settings }).await;
    let (first, second) = (none.get("/good").await, none.get("/good").await);
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (200, 200));
    assert_eq!((none.counters("good").await.0, status(&none).await.entries), (2, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_and_a_rollback_purge_everything() {
    let site = Site::start().await;
    let before = site.get("/good").await;
    site.get("/good/post/hello").await;
    assert_eq!(status(&site).await.entries, 2);
    let next = TestBundle::good().version("1.1.0").replace("client.js", "export const version = 'next';");
    assert_eq!(site.publish(&next).await.status, 201);
    assert_eq!(status(&site).await.entries, 0);
    assert!(site.get("/good").await.text().contains("/_m/good/1.1.0/"));
    assert_eq!(site.operate(Method::POST, "/modules/good/rollback", "").await.status, 200);
    assert_eq!(status(&site).await.entries, 0);
    assert_eq!(site.get("/good").await.body, before.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operators_see_and_purge_it() {
    let site = Site::start().await;
    for path in ["/good", "/good?page=2", "/good/post/hello"] {
        site.get(path).await;
    }
    let full = status(&site).await;
    assert!(full.bytes > 0 && full.capacity > full.bytes);
    assert!(full.tags.iter().any(|tag| tag.tag == "post:id-of-hello" && tag.entries == 1), "{full:?}");
    let keys: TagKeys = site.operate(Method::GET, "/cache/keys?tag=posts", "").await.json();
    assert_eq!(keys.keys, ["en /good/post/hello"]);
    site.operate(Method::GET, "/cache/keys", "").await.problem(422);
    for (body, field) in [
        ("{}", "tag"),
        (r#"{"tag":"a","path":"/b"}"#, "path"),
        (r#"{"path":"good"}"#, "path"),
        (r#"{"tag":"a","all":true}"#, "all"),
    ] {
        let refused = site.operate(Method::POST, "/cache/purge", body).await.problem(422);
        assert_eq!(refused.errors[0].field, field, "{body}");
    }
    assert_eq!(purge(&site, r#"{"tag":"post:id-of-hello"}"#).await, Purged { purged: 1, told: true });
    assert_eq!(status(&site).await.entries, 2);
    assert_eq!(purge(&site, r#"{"path":"/good"}"#).await.purged, 2);
    site.get("/good").await;
    assert_eq!(purge(&site, r#"{"all":true}"#).await.purged, 1);
    assert_eq!(status(&site).await.entries, 0);
    let unknown = Request::builder().uri("/cache").body(Body::empty()).expect("a request");
    assert_eq!(site.operator_raw(unknown).await.status, 401);
}
