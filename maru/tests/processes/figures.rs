//! What dashboards and alerts ask for is there.

use std::{collections::BTreeSet, fs};

use regex::Regex;

use crate::site::Whole;

/// The figures of a running site, as Prometheus gets them.
async fn figures(site: &Whole) -> String {
    let read = |name: &str| fs::read_to_string(site.folder.path().join("data").join(name)).unwrap();
    let url = format!("http://{}/metrics", read("run/operator.addr").trim());
    let token = read("secrets/operator-token");
    let answer = reqwest::Client::new().get(url).bearer_auth(token.trim()).send().await.unwrap();
    answer.error_for_status().unwrap().text().await.unwrap()
}

/// The names in the expressions of a file below `deploy/`.
fn asked_for(file: &str, expression: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(format!("{}/../deploy/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let (expression, name) = (Regex::new(expression).unwrap(), Regex::new(r"\b(?:maru|process)_[a-z_]+\b").unwrap());
    let expressions = expression.captures_iter(&text).map(|found| found[1].to_owned());
    expressions
        .flat_map(|text| name.find_iter(&text).map(|name| name.as_str().to_owned()).collect::<Vec<_>>())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_figure_of_the_dashboard_and_the_alerts_is_exported() {
    let site = Whole::new();
    site.configure("");
    let process = site.start().await;
    let cookie = site.set_up().await;
    let client = reqwest::Client::new();
    for path in ["/good", "/good/post/a-path-that-is-not-told", "/nowhere-to-be-told", "/api/tags", "/api/tags"] {
        client.get(format!("{}{path}", site.url)).send().await.unwrap();
    }
    let report = client.post(format!("{}/_m/report", site.url)).header("origin", &site.url);
    report.body(r#"{"module": "made-up", "version": "1", "message": "x"}"#).send().await.unwrap();
    let counted = site.post("/forms/reconcile", &[], &cookie).await;
    assert!(counted.status().is_success(), "{}", counted.text().await.unwrap());

    let there = figures(&site).await;
    let mut asked = asked_for("grafana/maru.json", r#""expr": "((?:[^"\\]|\\.)*)""#);
    let dashboard = asked.len();
    asked.extend(asked_for("prometheus/alerts.yml", r"(?m)^ +expr: (.*)$"));
    assert!(dashboard > 20 && asked.len() >= dashboard, "{asked:?}");
    let missing: Vec<&String> =
        asked.iter().filter(|name| !Regex::new(&format!(r"(?m)^{name}(\{{| )")).unwrap().is_match(&there)).collect();
    assert!(missing.is_empty(), "{missing:?} is not in\n{there}");

    for path in ["a-path-that-is-not-told", "nowhere-to-be-told", "made-up"] {
        assert!(!there.contains(path), "a client makes up the series {path}");
    }
    for line in [
        r#"maru_http_request_duration_seconds_count{service="bff",method="GET",route="/good",status="200"} 1"#,
        r#"maru_http_request_duration_seconds_count{service="bff",method="GET",route="none",status="404"} 1"#,
        r#"maru_service_ready{service="storage"} 1"#,
        r#"maru_drift{service="blog",check="tag_counts"} 0"#,
    ] {
        assert!(there.contains(line), "{line} is not in\n{there}");
    }
    process.end().await;
}
