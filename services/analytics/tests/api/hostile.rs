//! What is sent to break it.

use axum::body::Bytes;
use contracts::analytics::{Report, ViewCounted};
use http::Method;
use kit::testing::Backend;
use serde_json::json;

use crate::support::{Analytics, FIREFOX, POST, of_post, view};

kit::on_both_databases!(
    bodies_are_checked,
    headers_may_be_anything,
    the_document_names_every_route,
    a_backup_comes_back
);

async fn bodies_are_checked(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let one = analytics.visitor("203.0.113.7", FIREFOX);
    let path = of_post(POST);
    let send =
        async |kind: Option<&str>, body: &str| one.send(Method::POST, &path, kind, Bytes::from(body.to_owned())).await;
    let is_json = Some("application/json");
    assert_eq!(send(is_json, "null").await.status, 200);
    send(is_json, "{").await.problem(400);
    send(None, "{}").await.problem(415);
    assert_eq!(send(is_json, r#"{"referrer": 1}"#).await.field_error().1, "wrong_type");
    assert_eq!(send(is_json, r#"{"address": "x"}"#).await.field_error().1, "unknown");
    send(is_json, &format!(r#"{{"referrer": "{}"}}"#, "x".repeat(20_000))).await.problem(413);
    one.get(&path).await.problem(405);
}

async fn headers_may_be_anything(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    for (n, (address, agent, country)) in [
        ("not an address", FIREFOX, "한국"),
        ("203.0.113.7, 10.0.0.1", FIREFOX, "'; DROP TABLE views; --"),
        ("", "Mozilla/5.0 (X11; Linux) Gecko Firefox/1 \u{ff} '; --", "KR\tX"),
        ("::1", "Mozilla/5.0 (Macintosh; Intel Mac OS X 14) Safari/605", "kr"),
    ]
    .into_iter()
    .enumerate()
    {
        let visitor = analytics.visitor_with(&[
            ("x-client-address", address),
            ("user-agent", agent),
            ("x-client-country", country),
        ]);
        let referrer = format!("https://h{n}.test/\u{202e}");
        let counted: ViewCounted = visitor.post(&of_post(POST), &json!({ "referrer": referrer })).await.json(200);
        // The first two cannot be told apart: no address, one browser.
        assert_eq!(counted.counted, n != 1, "{n}");
    }
    let report: Report = analytics.admin().get("/api/analytics/pageviews?by=country").await.json(200);
    let countries: Vec<_> = report.items.iter().map(|row| (row.key.as_str(), row.views)).collect();
    assert_eq!(countries, [("", 2), ("KR", 1)]);
}

async fn the_document_names_every_route(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let document: serde_json::Value = analytics.client.get("/openapi.json").await.json(200);
    for path in [
        "/api/views/post/{id}",
        "/api/views/page/{id}",
        "/api/visitors",
        "/api/stats",
        "/api/analytics/realtime",
        "/api/analytics/pageviews",
        "/api/bug-reports",
        "/api/bug-reports/{id}",
        "/api/bug-reports/{id}/response",
        "/internal/views",
        "/internal/reconcile",
    ] {
        assert!(document["paths"][path].is_object(), "{path}");
    }
    let required = |name: &str| document["components"]["schemas"][name]["required"].to_string();
    assert!(required("Report").contains("total"), "{}", required("Report"));
    assert!(required("ReconciliationReport").contains("checks"), "{}", required("ReconciliationReport"));
}

async fn a_backup_comes_back(backend: Backend) {
    let (one, other) = (Analytics::start(backend).await, Analytics::start(backend).await);
    view(&one.visitor("203.0.113.7", FIREFOX), &of_post(POST)).await;
    one.client.get("/api/visitors").await;
    let snapshot = one.client.service().get("/internal/backup").await;
    assert_eq!(snapshot.status, 200);
    let service = other.client.service();
    let send = async |step: &str, body: Bytes| {
        service.send(Method::POST, &format!("/internal/restore/{step}?token=t"), None, body).await.status
    };
    assert_eq!(send("prepare", snapshot.body).await, 200);
    assert_eq!(send("commit", Bytes::new()).await, 204);
    let report: Report = other.admin().get("/api/analytics/pageviews?by=post").await.json(200);
    assert_eq!((report.total, report.items[0].label.as_str()), (1, "Title of hello"));
}
