//! Several versions of one service: who gets which, and whether they say the same.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{Json, Router, body::Body, extract::State, routing::get};
use backend_bff::{Upstream, Upstreams};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contracts::{
    auth::{AUDIENCE, Claims},
    blog::Paged,
    module::Role,
    pages::{HomePage, PostListPage},
};
use ed25519_dalek::{SigningKey, pkcs8::EncodePrivateKey};
use http::{Method, Request};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use kit::testing::eventually;
use serde_json::{Value, json};

use crate::{
    services,
    site::{Browser, Reply, Site},
    upstreams::listen,
};

/// A version of the blog; `total` tells them apart.
fn version(total: u32, calls: Arc<AtomicU64>) -> Router {
    Router::new()
        .route("/health", get(async || "ok"))
        .route(
            "/api/posts",
            get(async move |State(calls): State<Arc<AtomicU64>>| {
                calls.fetch_add(1, Ordering::SeqCst);
                Json(Paged { items: vec![services::summary("one")], total })
            })
            .post(async |State(calls): State<Arc<AtomicU64>>| {
                calls.fetch_add(1000, Ordering::SeqCst);
                http::StatusCode::NO_CONTENT
            }),
        )
        .route("/api/categories", get(async || Json(Paged::<contracts::blog::Term>::default())))
        .with_state(calls)
}

struct Two {
    site: Site,
    legacy: Arc<AtomicU64>,
    new: Arc<AtomicU64>,
}

/// `legacy` answers a total of 1, `new` one of 2.
async fn two(new_total: u32) -> Two {
    let (legacy, new) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
    let urls = [listen(version(1, legacy.clone())).await, listen(version(new_total, new.clone())).await];
    let [old_url, new_url] = urls;
    let blog = Upstream::http(old_url).expect("a client").called("legacy", 100);
    let blog = blog.beside("new", 0, &[new_url]).expect("a client");
    let change = |usual| Upstreams { blog, ..usual };
    let site = Site::start_with(Site::folder(), "http://localhost:8080", change).await.expect("it starts");
    Two { site, legacy, new }
}

async fn weigh(site: &Site, weights: Value) -> Reply {
    site.operate(Method::PUT, "/upstreams/blog/weights", json!({ "weights": weights }).to_string()).await
}

fn visitor(site: &Site, number: u8) -> Browser {
    let mut browser = site.browser();
    browser.peer = Some(([203, 0, 113, number], 4711).into());
    browser
}

async fn served_by(browser: &mut Browser) -> String {
    let reply = browser.get("/api/posts").await;
    assert_eq!(reply.status, 200);
    reply.header("x-service-version").to_owned()
}

async fn shares(site: &Site) -> Vec<String> {
    let mut served = Vec::new();
    for number in 0..60 {
        served.push(served_by(&mut visitor(site, number)).await);
    }
    served
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn visitors_stay_with_their_version_while_weights_change() {
    let Two { site, new, .. } = two(2).await;
    assert!(shares(&site).await.iter().all(|version| version == "blog/legacy"));
    assert_eq!(weigh(&site, json!({ "new": 50 })).await.status, 200);
    let half = shares(&site).await;
    let on_new = half.iter().filter(|version| *version == "blog/new").count();
    assert!((5..=35).contains(&on_new), "{on_new} of 60 at 50 of 150");
    assert_eq!(shares(&site).await, half, "everybody stays");
    assert_eq!(weigh(&site, json!({ "new": 100 })).await.status, 200);
    let more = shares(&site).await;
    let stayed = half.iter().zip(&more).all(|(before, now)| before == "blog/legacy" || now == "blog/new");
    assert!(stayed, "who had the new one keeps it");
    assert_eq!(weigh(&site, json!({ "new": 0 })).await.status, 200);
    let before = new.load(Ordering::SeqCst);
    assert!(shares(&site).await.iter().all(|version| version == "blog/legacy"));
    assert_eq!(new.load(Ordering::SeqCst), before, "at once, and nobody");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_stays_with_its_version_though_its_tokens_change() {
    let Two { site, .. } = two(2).await;
    assert_eq!(weigh(&site, json!({ "legacy": 100, "new": 100 })).await.status, 200);
    let key = SigningKey::from_bytes(&[7; 32]);
    let x = URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes());
    site.verifier.add_key("mine", &x).expect("a key");
    let served = async |user: &str| {
        let request = Request::builder().uri("/api/posts").header("authorization", token(&key, user));
        let reply = site.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(reply.status, 200);
        reply.header("x-service-version").to_owned()
    };
    let mut all = BTreeSet::new();
    for user in ["ada", "ben", "cho", "dan", "eva", "flo", "gus", "hal", "ida", "jun", "kai", "leo"] {
        let first = served(user).await;
        for _ in 0..3 {
            assert_eq!(served(user).await, first, "{user}");
        }
        all.insert(first);
    }
    assert_eq!(all.len(), 2, "different users may get different ones");
}

/// A new access token of that user.
fn token(key: &SigningKey, user: &str) -> String {
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    let claims = Claims {
        sub: user.into(),
        iss: "http://localhost:8080".into(),
        aud: AUDIENCE.into(),
        exp: now + 300,
        iat: now,
        jti: kit::id::new(),
        sid: kit::id::new(),
        name: user.into(),
        role: Role::User,
        picture: None,
        generation: 0,
    };
    let header = Header { kid: Some("mine".into()), ..Header::new(Algorithm::EdDSA) };
    let der = key.to_pkcs8_der().expect("a key");
    let token = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ed_der(der.as_bytes()));
    format!("Bearer {}", token.expect("claims are JSON"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_say_which_versions_made_them() {
    let Two { site, .. } = two(2).await;
    let reply = site.get("/bff/pages/posts").await;
    assert_eq!((reply.header("x-service-version"), reply.json::<PostListPage>().total), ("blog/legacy", 1));
    weigh(&site, json!({ "legacy": 0, "new": 1 })).await;
    let reply = site.get("/bff/pages/posts").await;
    assert_eq!((reply.header("x-service-version"), reply.json::<PostListPage>().total), ("blog/new", 2));
    assert!(!site.get("/bff/pages/login").await.headers.contains_key("x-service-version"), "there is only one");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn weights_that_make_no_sense_are_refused_by_field() {
    let Two { site, .. } = two(2).await;
    for (weights, field) in [
        (json!({ "newer": 1 }), "weights.newer"),
        (json!({ "new": 10_001 }), "weights.new"),
        (json!({ "legacy": 0 }), "weights"),
        (json!({}), "weights"),
    ] {
        let problem = weigh(&site, weights).await.problem(422);
        assert_eq!(problem.errors[0].field, field);
    }
    let nowhere = site.operate(Method::PUT, "/upstreams/shop/weights", r#"{"weights":{"new":1}}"#).await;
    assert!(nowhere.problem(404).detail.expect("a detail").contains("blog"));
    let problem = site.operate(Method::PUT, "/upstreams/blog/mirror", r#"{"target":"x","percent":200}"#).await;
    let fields: Vec<String> = problem.problem(422).errors.into_iter().map(|error| error.field).collect();
    assert_eq!(fields, ["target", "percent"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_set_outlives_a_restart() {
    let folder = Site::folder();
    let blog = |urls: &[url::Url; 2]| {
        let blog = Upstream::http(urls[0].clone()).expect("a client").called("legacy", 100);
        blog.beside("new", 0, &urls[1..]).expect("a client")
    };
    let calls = Arc::<AtomicU64>::default();
    let urls = [listen(version(1, calls.clone())).await, listen(version(2, calls)).await];
    let first = blog(&urls);
    let site = Site::start_with(folder, "http://localhost:8080", |usual| Upstreams { blog: first, ..usual }).await;
    let site = site.expect("it starts");
    weigh(&site, json!({ "legacy": 0, "new": 100 })).await;
    site.operate(Method::PUT, "/upstreams/blog/mirror", r#"{"target":"legacy","percent":7}"#).await;
    let again = blog(&urls);
    let site = site.restart_with(|usual| Upstreams { blog: again, ..usual }).await.expect("it starts");
    assert_eq!(site.get("/bff/pages/posts").await.json::<PostListPage>().total, 2);
    let all: Value = site.operate(Method::GET, "/upstreams", "").await.json();
    let blog = all.as_array().expect("a list").iter().find(|one| one["name"] == "blog").expect("the blog");
    assert_eq!(blog["mirror"], json!({ "target": "legacy", "percent": 7 }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_that_is_down_gets_nobody() {
    let (legacy, calls) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
    let old = listen(version(1, legacy)).await;
    let blog = Upstream::http(old).expect("a client").called("legacy", 1);
    let blog = blog.beside("new", 10_000, &["http://127.0.0.1:1".parse().expect("a URL")]).expect("a client");
    let change = |usual| Upstreams { blog, ..usual };
    let site = Site::start_with(Site::folder(), "http://localhost:8080", change).await.expect("it starts");
    eventually("the others to take over", async || (site.get("/api/posts").await.status == 200).then_some(())).await;
    for _ in 0..20 {
        assert_eq!(site.get("/api/posts").await.header("x-service-version"), "blog/legacy");
    }
    assert_eq!(calls.load(Ordering::SeqCst), 0);
}

async fn report(site: &Site) -> Value {
    site.operate(Method::GET, "/upstreams/blog/mirror", "").await.json()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mirrored_version_is_compared_and_nobody_waits_for_it() {
    let Two { site, new, .. } = two(2).await;
    let set = site.operate(Method::PUT, "/upstreams/blog/mirror", r#"{"target":"new","percent":100}"#).await;
    assert_eq!(set.status, 200);
    let reply = site.get("/api/posts?author=ada%40example.com&page=1").await;
    assert_eq!(reply.json::<Paged<contracts::blog::PostSummary>>().total, 1, "visitors get the old answer");
    site.get("/bff/pages/posts").await.json::<PostListPage>();
    site.get("/api/categories").await;
    let found = eventually("the comparisons", async || {
        let found = report(&site).await;
        (found["compared"].as_u64() >= Some(4)).then_some(found)
    })
    .await;
    // The list of posts twice, and the categories twice: for the page, and asked for.
    assert_eq!((&found["body_differs"], &found["equal"], &found["failed"]), (&json!(2), &json!(2), &json!(0)));
    let paths: Vec<&str> =
        found["samples"].as_array().expect("a list").iter().filter_map(|one| one["path"].as_str()).collect();
    assert!(paths.contains(&"/api/posts?author&page"), "{paths:?}");
    assert!(!found.to_string().contains("ada"), "{found}");

    let before = new.load(Ordering::SeqCst);
    let mut author = site.signed_in("author").await;
    author.post("/forms/posts", &[("title", "Hello"), ("content", "text")]).await;
    site.operate(Method::PUT, "/upstreams/blog/mirror", r#"{"target":"new","percent":0}"#).await;
    site.get("/api/posts").await;
    assert_eq!(report(&site).await["compared"], 0, "it begins anew");
    assert!(new.load(Ordering::SeqCst) < before + 1000, "what changes something goes to one alone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn equal_versions_are_found_equal() {
    let Two { site, legacy, new } = two(1).await;
    site.operate(Method::PUT, "/upstreams/blog/mirror", r#"{"target":"new","percent":100}"#).await;
    for _ in 0..5 {
        assert_eq!(site.get("/bff/pages/home").await.json::<HomePage>().total, 1);
        site.get("/api/posts").await;
    }
    eventually("all comparisons", async || {
        let found = report(&site).await;
        let (compared, skipped) = (found["compared"].as_u64()?, found["skipped"].as_u64()?);
        assert_eq!((found["body_differs"].as_u64(), found["status_differs"].as_u64()), (Some(0), Some(0)), "{found}");
        (compared + skipped >= 10).then_some(())
    })
    .await;
    assert!(new.load(Ordering::SeqCst) <= legacy.load(Ordering::SeqCst));
}
