//! `/api/openapi.json` and `/api/docs` while a service is away, and of who asks too often.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use axum::{
    Json, Router,
    response::{IntoResponse, Response},
    routing::get,
};
use backend_bff::{PerMinute, Rules, Settings, TrafficLimits, Upstream, Upstreams};
use futures_util::future::join_all;
use http::StatusCode;
use kit::testing::eventually;
use serde_json::{Value, json};

use crate::{
    site::{Reply, Site},
    upstreams::with,
};

fn description() -> Json<Value> {
    Json(json!({ "openapi": "3.1.0", "paths": {}, "components": { "schemas": {} } }))
}

/// A service that says what it does.
fn described() -> Upstream {
    Upstream::in_process(Router::new().route("/openapi.json", get(async || description())))
}

/// One that does not as long as it is away; counts how often it was asked.
fn away(is_away: Arc<AtomicBool>, asked: Arc<AtomicUsize>) -> Upstream {
    let answer = async move || -> Response {
        asked.fetch_add(1, Ordering::SeqCst);
        if is_away.load(Ordering::SeqCst) {
            StatusCode::NOT_FOUND.into_response()
        } else {
            description().into_response()
        }
    };
    Upstream::in_process(Router::new().route("/openapi.json", get(answer)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_lacks_a_service_is_made_once_for_a_crowd_and_again_soon() {
    let (is_away, asked) = (Arc::new(AtomicBool::new(true)), Arc::<AtomicUsize>::default());
    let blog = away(is_away.clone(), asked.clone());
    let site = with(|_| Upstreams {
        auth: described(),
        blog,
        content: described(),
        page: described(),
        analytics: described(),
        storage: described(),
    })
    .await;
    let crowd = ["/api/openapi.json", "/api/docs"].into_iter().cycle().take(10).map(|path| site.get(path));
    let mut replies: Vec<Reply> = join_all(crowd).await;
    // Who comes a moment later has no call of their own either.
    replies.push(site.get("/api/docs").await);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    for reply in &replies {
        assert_eq!((reply.status.as_u16(), reply.header("cache-control")), (200, "no-store"));
    }
    assert_eq!(replies[0].json::<Value>()["info"]["x-missing"], json!(["blog"]));

    is_away.store(false, Ordering::SeqCst);
    let whole = eventually("the service in the document", async || {
        let reply = site.get("/api/openapi.json").await;
        reply.json::<Value>()["info"].get("x-missing").is_none().then_some(reply)
    });
    assert_eq!(whole.await.header("cache-control"), "public, max-age=60");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_for_it_too_often_is_told_so() {
    let limits = TrafficLimits { per_minute: PerMinute { documents: 2, ..PerMinute::any() }, ..TrafficLimits::none() };
    let site = Site::set(|settings| Settings { rules: Rules { limits, ..Rules::unlimited() }, ..settings }).await;
    for path in ["/api/openapi.json", "/api/v1/docs"] {
        let reply = site.get(path).await;
        assert_eq!(reply.status, 200, "{path}");
        assert!(!reply.headers.contains_key("ratelimit"), "{path}: caches may keep it");
    }
    assert_eq!(site.get("/api/openapi.json").await.problem(429).code, "rate_limited");
}
