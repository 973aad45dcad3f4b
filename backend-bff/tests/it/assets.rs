//! `/_m/*`.

use std::io::Read;

use axum::body::Body;
use backend_bff::{PerMinute, Rules, Settings, TrafficLimits};
use http::{Method, Request, header};

use crate::{
    bundles::TestBundle,
    site::{Browser, Reply, Site},
};

async fn fetch(site: &Site, url: &str, encodings: &str) -> Reply {
    let request = Request::builder().uri(url).header(header::ACCEPT_ENCODING, encodings);
    site.send(request.body(Body::empty()).expect("a request")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_come_compressed_as_the_browser_likes() {
    let site = Site::start().await;
    let table: serde_json::Value = site.get("/_m/modules.json").await.json();
    let shell = table["modules"].as_array().and_then(|all| all.iter().find(|one| one["name"] == "shell")).cloned();
    let shell = shell.expect("the shell");
    let js = shell["js"]["url"].as_str().expect("a URL");
    let plain = fetch(&site, js, "").await;
    assert_eq!(plain.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(plain.header("content-encoding"), "");

    let brotli = fetch(&site, js, "gzip, deflate, br, zstd").await;
    assert_eq!(brotli.header("content-encoding"), "br");
    assert_eq!(brotli.header("vary"), "Accept-Encoding");
    let mut unpacked = Vec::new();
    brotli::Decompressor::new(brotli.body.as_ref(), 4096).read_to_end(&mut unpacked).expect("brotli");
    assert_eq!(unpacked, plain.body);

    let gzip = fetch(&site, js, "gzip, br;q=0").await;
    assert_eq!(gzip.header("content-encoding"), "gzip");
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(gzip.body.as_ref()).read_to_end(&mut unpacked).expect("gzip");
    assert_eq!(unpacked, plain.body);

    let wasm = fetch(&site, shell["wasm"]["url"].as_str().expect("a URL"), "br").await;
    assert_eq!((wasm.header("content-type"), wasm.header("x-content-type-options")), ("application/wasm", "nosniff"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_else_of_a_bundle_is_served() {
    let site = Site::start().await;
    let digest = "0".repeat(32);
    for path in [
        "/_m/shell/1.0.0/server.wasm".to_owned(),
        "/_m/shell/1.0.0/module.json".to_owned(),
        "/_m/shell/1.0.0/..%2f..%2fbff.db".to_owned(),
        "/_m/..%2f/1.0.0/x".to_owned(),
        format!("/_m/shell/1.0.0/{digest}.js"),
        format!("/_m/shell/9.9.9/{digest}.js"),
        format!("/_m/shell/1.0.0/{digest}.js.br"),
        "/_m/shell".to_owned(),
    ] {
        site.get(&path).await.problem(404);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_table_is_revalidated_by_release() {
    let site = Site::start().await;
    let table = site.get("/_m/modules.json").await;
    assert_eq!(table.header("cache-control"), "no-cache");
    let request = Request::builder().uri("/_m/modules.json").header(header::IF_NONE_MATCH, table.header("etag"));
    assert_eq!(site.send(request.body(Body::empty()).expect("a request")).await.status, 304);
}

async fn report(browser: &mut Browser, origin: &str, version: &str) -> Reply {
    let request = Request::builder().method(Method::POST).uri("/_m/report").header(header::ORIGIN, origin);
    let body = format!(r#"{{"module":"good","version":"{version}","message":"it broke"}}"#);
    browser.send(request.header(header::CONTENT_TYPE, "application/json"), body.into()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_what_browsers_report_each_visitor_counts_once_and_not_without_end() {
    const OWN: &str = "http://localhost:8080";
    // The figures are those of all tests.
    const VERSION: &str = "1.0.4711";
    let limits = TrafficLimits { per_minute: PerMinute { reports: 3, ..PerMinute::any() }, ..TrafficLimits::none() };
    let site = Site::set(|settings| Settings { rules: Rules { limits, ..Rules::unlimited() }, ..settings }).await;
    assert_eq!(site.publish(&TestBundle::good().version(VERSION)).await.status, 201);
    let visitor = |address: &str| {
        let mut browser = site.browser();
        browser.peer = Some(address.parse().expect("an address"));
        browser
    };
    let (mut one, mut other) = (visitor("203.0.113.9:1"), visitor("203.0.113.10:1"));
    assert_eq!(report(&mut one, "https://evil.example", VERSION).await.problem(403).code, "foreign_request");
    for _ in 0..3 {
        assert_eq!(report(&mut one, OWN, VERSION).await.status, 204);
    }
    assert_eq!(report(&mut one, OWN, VERSION).await.problem(429).code, "rate_limited");
    assert_eq!(report(&mut other, OWN, VERSION).await.status, 204);
    let figures = site.operate(Method::GET, "/metrics", "").await;
    let counted = format!(r#"maru_module_browser_reports_total{{module="good",version="{VERSION}"}} 2"#);
    assert!(figures.text().lines().any(|line| line == counted), "{counted} is not in\n{}", figures.text());
}
