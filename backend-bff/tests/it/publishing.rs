//! Publishing, releasing, rolling back; and what a start makes of bundles.

use axum::body::Body;
use contracts::manifest::{FilePart, ModuleKind};
use http::{Method, Request};

use crate::{
    bundles::{TestBundle, claim},
    site::Site,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_version_is_live_at_once_and_rolls_back_as_fast() {
    let site = Site::start().await;
    let before = site.get("/good").await;
    let old_file = before.boot()["modules"]["modules"][0]["js"]["url"].as_str().expect("a URL").to_owned();

    let next = TestBundle::good().version("1.1.0").replace("client.js", "export const version = 'next';");
    let published = site.publish(&next).await;
    assert_eq!(published.status, 201, "{}", published.text());
    let after = site.get("/good").await;
    assert_ne!(after.header("x-maru-release"), before.header("x-maru-release"));
    assert!(after.text().contains("/_m/good/1.1.0/") && !after.text().contains("/_m/good/1.0.0/"));
    assert_eq!(site.get(&old_file).await.status, 200, "open pages keep their files");
    assert_eq!(site.publish(&next).await.status, 200, "the same bytes again change nothing");

    let back: serde_json::Value = site.operate(Method::POST, "/modules/good/rollback", "").await.json();
    assert_eq!(back["version"], "1.0.0");
    assert_eq!(site.get("/good").await.header("x-maru-release"), before.header("x-maru-release"));
    let problem = site.operate(Method::POST, "/modules/good/rollback", "").await.problem(409);
    assert_eq!(problem.code, "nothing_before");

    // It is still rolled back after a restart, with the bundle of the first version in its folder.
    let site = site.restart().await.expect("it starts again");
    assert!(site.get("/good").await.text().contains("/_m/good/1.0.0/"));
    let body = r#"{"version":"1.1.0"}"#;
    assert_eq!(site.operate(Method::POST, "/modules/good/release", body).await.status, 200);
    assert!(site.get("/good").await.text().contains("/_m/good/1.1.0/"));
    let site = site.restart().await.expect("it starts again");
    assert!(site.get("/good").await.text().contains("/_m/good/1.1.0/"), "known bundles do not come back by themselves");
    site.operate(Method::POST, "/modules/good/release", r#"{"version":"9.0.0"}"#).await.problem(404);
    site.operate(Method::POST, "/modules/nothing/rollback", "").await.problem(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_hold_is_refused_by_name() {
    let site = Site::start().await;
    let good = || TestBundle::good().version("2.0.0");
    let with = |change: &dyn Fn(&mut TestBundle)| {
        let mut bundle = good();
        change(&mut bundle);
        bundle
    };
    let cases: Vec<(&str, u16, &str, TestBundle)> = vec![
        ("other bytes", 409, "1.0.0", TestBundle::good().replace("client.js", "other")),
        ("digest", 422, "digest of client.js", with(&|b| b.files[1].1[0] ^= 1)),
        ("size", 422, "client.js has", with(&|b| b.files[1].1.push(b'x'))),
        ("missing file", 422, "style.css is declared", with(&|b| b.files.retain(|(name, _)| name != "style.css"))),
        ("extra file", 422, "extra.js is in the bundle", with(&|b| b.files.push(("extra.js".into(), vec![])))),
        ("hidden file", 422, ".env", with(&|b| b.add(".env", FilePart::Asset, ""))),
        ("contract", 422, "contract", with(&|b| b.manifest.contract = "2.0".into())),
        ("newer contract", 422, "contract", with(&|b| b.manifest.contract = "1.99".into())),
        ("name", 422, "name", with(&|b| b.manifest.name = "Good".into())),
        ("version", 422, "version", with(&|b| b.manifest.version = "2".into())),
        ("route conflict", 409, "/hostile", with(&|b| b.manifest.routes.push(claim("/hostile")))),
        ("reserved route", 422, "/api", with(&|b| b.manifest.routes.push(claim("/api/posts")))),
        ("nav", 422, "nav", with(&|b| b.manifest.nav[0].href = "https://evil.example".into())),
        ("reads", 422, "reads", with(&|b| b.manifest.reads = vec!["/internal".into()])),
        ("budget", 422, "budget", with(&|b| b.manifest.budgets.client = Some(10))),
        ("second shell", 409, "shell", TestBundle::new("other", ModuleKind::Shell)),
        ("no component", 422, "compile", good().replace("server.wasm", "not wasm")),
        ("no page", 422, "rendering /hostile/loop", {
            let mut bundle = TestBundle::new("looping", ModuleKind::Area);
            bundle.manifest.routes = vec![claim("/hostile/loop")];
            bundle
        }),
    ];
    let release = site.get("/good").await.header("x-maru-release").to_owned();
    for (case, status, named, bundle) in cases {
        let problem = site.publish(&bundle).await.problem(status);
        let detail = problem.detail.unwrap_or_default();
        assert!(detail.contains(named), "{case}: {detail}");
    }
    for junk in [b"junk".to_vec(), Vec::new(), tar_with_a_way_up()] {
        site.operate(Method::POST, "/modules", junk).await.problem(422);
    }
    assert_eq!(site.get("/good").await.header("x-maru-release"), release, "nothing of it went live");
}

fn tar_with_a_way_up() -> Vec<u8> {
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut archive = tar::Builder::new(gzip);
    let mut header = tar::Header::new_gnu();
    header.as_gnu_mut().expect("a header").name[..12].copy_from_slice(b"../evil.html");
    header.set_size(4);
    header.set_cksum();
    archive.append(&header, b"evil".as_slice()).expect("an entry");
    archive.into_inner().and_then(flate2::write::GzEncoder::finish).expect("an archive")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_operator_publishes() {
    let site = Site::start().await;
    for authorization in ["", "Bearer wrong", "Basic test-operator-token"] {
        let request = Request::builder().method(Method::POST).uri("/modules").header("authorization", authorization);
        let request = request.body(Body::from(TestBundle::good().version("3.0.0").tar_gz())).expect("a request");
        site.operator_raw(request).await.problem(401);
    }
    let metrics = site.operate(Method::GET, "/metrics", "").await;
    assert_eq!(metrics.status, 200);
    assert_ne!(site.get("/metrics").await.status, 200);
    assert_eq!(site.get("/modules").await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_bundle_at_start_is_named() {
    let mut wrong = TestBundle::good();
    wrong.files[1].1[0] ^= 1;
    let mut future = TestBundle::good();
    future.manifest.contract = "7.0".into();
    for (bundle, named) in [(wrong, "digest of client.js"), (future, "contract")] {
        let folder = tempfile::tempdir().expect("a folder");
        bundle.write(&folder.path().join("modules"));
        let error = Site::start_in(folder, "http://localhost:8080").await.err().expect("it does not start");
        let line = error.to_string();
        assert!(line.contains("modules/good") && line.contains(named), "{line}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_takes_in_new_versions_only() {
    let site = Site::start().await;
    TestBundle::good().version("1.2.0").write(&site.modules());
    let site = site.restart().await.expect("it starts again");
    assert!(site.get("/good").await.text().contains("/_m/good/1.2.0/"));
    TestBundle::good().version("1.2.0").replace("style.css", ".other {}").write(&site.modules());
    let site = site.restart().await.expect("other bytes for a known version do not keep it from starting");
    assert!(site.get("/good").await.text().contains("/_m/good/1.2.0/"));
}
