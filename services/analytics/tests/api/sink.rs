//! Google Analytics, as far as it can be seen from here: what is sent, and that nothing is by default.

use std::sync::{Arc, Mutex};

use analytics::GoogleAnalytics;
use axum::{Json, Router, extract::State, http::Uri, routing::post};
use contracts::analytics::ViewInput;
use kit::{
    Secret,
    testing::{Backend, eventually},
};
use serde_json::Value;

use crate::support::{Analytics, FIREFOX, POST, of_post, view};

kit::on_both_databases!(views_go_where_configured, a_sink_that_is_away_changes_nothing);

type Got = Arc<Mutex<Vec<(String, Value)>>>;

async fn collect(State(got): State<Got>, uri: Uri, Json(body): Json<Value>) {
    got.lock().expect("no panic").push((uri.to_string(), body));
}

fn to(endpoint: String) -> Option<GoogleAnalytics> {
    Some(GoogleAnalytics { measurement_id: "G-TEST".into(), api_secret: Secret::new("shh"), endpoint })
}

async fn views_go_where_configured(backend: Backend) {
    let got = Got::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = Router::new().route("/mp/collect", post(collect)).with_state(got.clone());
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let endpoint = to(format!("http://{address}/mp/collect"));
    let analytics = Analytics::start_with(backend, |settings| settings.google_analytics = endpoint).await;
    let one = analytics.visitor("203.0.113.7", FIREFOX);
    let input = ViewInput { referrer: Some("https://example.com/secret".into()) };
    for _ in 0..2 {
        assert_eq!(one.post(&of_post(POST), &input).await.status, 200);
    }
    view(&analytics.visitor("203.0.113.7", "curl/8"), &of_post(POST)).await;
    view(&analytics.visitor("203.0.113.8", FIREFOX), &of_post(POST)).await;
    let sent = eventually("two views were sent", async || {
        let sent = got.lock().expect("no panic").clone();
        (sent.len() == 2).then_some(sent)
    })
    .await;
    let (uri, body) = &sent[0];
    assert_eq!(uri, "/mp/collect?measurement_id=G-TEST&api_secret=shh");
    let params = &body["events"][0]["params"];
    assert_eq!(params["page_location"], "https://maru.test/posts/hello");
    assert_eq!(params["page_referrer"], "https://example.com/");
    assert!(!body.to_string().contains("203.0.113"));
    assert_ne!(body["client_id"], sent[1].1["client_id"]);
    server.abort();
}

async fn a_sink_that_is_away_changes_nothing(backend: Backend) {
    // Nobody listens on this port.
    let endpoint = to("http://127.0.0.1:1/mp/collect".into());
    let analytics = Analytics::start_with(backend, |settings| settings.google_analytics = endpoint).await;
    assert!(view(&analytics.visitor("203.0.113.7", FIREFOX), &of_post(POST)).await.counted);
}
