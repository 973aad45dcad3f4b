//! Answers of services that are larger than what the BFF reads whole.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{Json, Router, body::Body, routing::get};
use backend_bff::{Limits, Upstream, Upstreams};
use contracts::blog::{Paged, Term};
use futures_util::stream;
use http::Method;
use kit::testing::eventually;
use serde_json::{Value, json};

use crate::{
    site::Site,
    upstreams::{listen, with},
};

const LARGE: usize = 9 << 20;

/// A blog whose lists of posts are large; counts how often it is asked for one.
fn blog(calls: &Arc<AtomicU64>) -> Router {
    let (whole, in_pieces) = (calls.clone(), calls.clone());
    let posts = async move || {
        whole.fetch_add(1, Ordering::SeqCst);
        vec![b' '; LARGE]
    };
    // Its length is found out when it has passed.
    let found = async move || {
        in_pieces.fetch_add(1, Ordering::SeqCst);
        let pieces = (0..LARGE >> 16).map(|_| Ok::<_, std::io::Error>(vec![b' '; 1 << 16]));
        Body::from_stream(stream::iter(pieces))
    };
    Router::new()
        .route("/health", get(async || "ok"))
        .route("/api/categories", get(async || Json(Paged::<Term>::default())))
        .route("/api/posts", get(posts))
        .route("/api/search", get(found))
}

async fn operate(site: &Site, path: &str) -> Value {
    site.operate(Method::GET, path, "").await.json()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_large_to_compare_counts_against_nobody() {
    let (legacy, new) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
    let service = Upstream::http(listen(blog(&legacy)).await).expect("a client").called("legacy", 100);
    let service = service.beside("new", 0, &[listen(blog(&new)).await]).expect("a client");
    let site = with(|usual| Upstreams { blog: service, ..usual }).await;
    let set = site.operate(Method::PUT, "/upstreams/blog/mirror", r#"{"target":"new","percent":100}"#).await;
    assert_eq!(set.status, 200);
    for path in ["/api/posts", "/api/search"] {
        assert_eq!(site.get(path).await.body.len(), LARGE, "{path}");
    }
    let found = operate(&site, "/upstreams/blog/mirror").await;
    assert_eq!((&found["skipped"], &found["compared"]), (&json!(2), &json!(0)), "{found}");
    assert_eq!(site.get("/api/categories").await.status, 200);
    let found = eventually("the comparison", async || {
        let found = operate(&site, "/upstreams/blog/mirror").await;
        (found["compared"] == 1).then_some(found)
    })
    .await;
    assert_eq!((&found["equal"], &found["failed"]), (&json!(1), &json!(0)), "{found}");
    assert_eq!(legacy.load(Ordering::SeqCst), 2);
    assert_eq!(new.load(Ordering::SeqCst), 0, "nobody asked it for what is not compared");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_large_to_read_is_asked_for_once_and_no_silence() {
    let calls = Arc::<AtomicU64>::default();
    // However long a busy machine takes.
    let limits = Limits { deadline: Duration::from_secs(60), overdue: Duration::from_secs(60), ..Limits::default() };
    let service = Upstream::http(listen(blog(&calls)).await).expect("a client").limited(limits);
    let site = with(|usual| Upstreams { blog: service, ..usual }).await;
    for _ in 0..8 {
        site.get("/bff/pages/posts").await.problem(503);
    }
    assert_eq!(calls.load(Ordering::SeqCst), 8, "it would be as large again");
    let all = operate(&site, "/upstreams").await;
    let blog = all.as_array().expect("a list").iter().find(|one| one["name"] == "blog").expect("the blog");
    assert_eq!(blog["targets"][0]["addresses"][0]["breaker"], "closed");
}
