use std::future::pending;

use axum::{Router, response::IntoResponse, routing::get};
use http::StatusCode;
use tokio::{net::TcpListener, sync::Notify, time::timeout};

use super::super::Limits;
use super::*;

const LONG: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn nobody_joins_a_call_to_a_service_that_is_left_alone() {
    let begun = Arc::new(Notify::new());
    let tell = begun.clone();
    let slow = async move || {
        tell.notify_one();
        pending::<StatusCode>().await
    };
    let router = Router::new().route("/slow", get(slow)).route("/bad", get(async || StatusCode::INTERNAL_SERVER_ERROR));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address")).parse().expect("a URL");
    tokio::spawn(async move { axum::serve(listener, router).await });
    let upstream =
        Upstream::http(url).expect("clients").limited(Limits { deadline: LONG, overdue: LONG, ..Limits::default() });
    let ask = |path| {
        let upstream = upstream.clone();
        async move { upstream.call(Method::GET, path, None, None, HeaderMap::new()).await.map(|answer| answer.status) }
    };

    let first = tokio::spawn(ask("/slow"));
    begun.notified().await;
    // It answers badly until it is left alone, and says so.
    while ask("/bad").await.is_ok() {}
    let second = timeout(Duration::from_secs(30), ask("/slow")).await.expect("an end to waiting");
    assert_eq!(second.expect_err("left alone").into_response().status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(!first.is_finished());
}
