//! The program is ended and started again, and nobody is refused.

use kit::testing::eventually;

use crate::{load::Load, site::Whole};

/// A stream that ends when the process does.
async fn stream(site: &Whole, cookie: &str) -> reqwest::Response {
    let request = reqwest::Client::new().get(format!("{}/api/analytics/realtime", site.url)).header("cookie", cookie);
    let mut stream = request.send().await.unwrap().error_for_status().unwrap();
    stream.chunk().await.unwrap().unwrap();
    stream
}

async fn ended(mut stream: reqwest::Response) {
    // It may be cut off or come to an end: both say so.
    while let Ok(Some(_)) = stream.chunk().await {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_refused_while_the_program_is_replaced() {
    let site = Whole::new();
    site.configure("");
    let first = site.start().await;
    let cookie = site.set_up().await;
    let load = Load::start(&["/good", "/_m/modules.json", "/api/posts"].map(|path| format!("{}{path}", site.url)));
    load.answers(50).await;

    // Replaced by whoever holds the socket.
    let watching = stream(&site, &cookie).await;
    first.signal("-TERM");
    ended(watching).await;
    first.ended().await;
    let second = site.start().await;
    load.answers(50).await;

    // Replaced by itself.
    let watching = stream(&site, &cookie).await;
    let id = second.id();
    second.signal("-USR2");
    ended(watching).await;
    site.ready().await;
    load.answers(50).await;
    assert!(std::path::Path::new(&format!("/proc/{id}")).exists(), "it is the same process");

    let outcome = load.stop().await;
    assert!(outcome.failed.is_empty(), "{outcome:#?}");
    second.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_says_that_it_ends_before_it_stops_answering() {
    let site = Whole::new();
    // Longer than the test: the second signal ends it.
    site.configure("[lifecycle]\nnotice = 600");
    let process = site.start().await;
    process.signal("-TERM");
    let status = async |path: &str| reqwest::get(format!("{}{path}", site.url)).await.map(|answer| answer.status());
    eventually("it no longer being ready", async || (status("/_ready").await.ok()? == 503).then_some(())).await;
    assert_eq!(status("/good").await.unwrap(), 200, "who comes nevertheless is answered");
    assert_eq!(status("/_health").await.unwrap(), 200);
    process.signal("-TERM");
    process.ended_with(Some(130)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_configuration_is_taken_over_and_a_bad_one_is_not() {
    let site = Whole::new();
    site.configure("[log]\nformat = \"json\"");
    let process = site.start().await;
    let says = async |what: &str| {
        eventually(what, async || site.log().contains(what).then_some(())).await;
    };
    site.configure("[log]\nlevel = \"loud=very\"\n[site]\nname = \"Hall\"");
    process.signal("-HUP");
    says("the configuration stays as it was").await;
    says("log.level").await;
    site.configure("[log]\nformat = \"json\"\nlevel = \"trace\"\n[site]\nname = \"Hall\"");
    process.signal("-HUP");
    says("these take effect when the process is started again").await;
    says("site.name").await;
    reqwest::get(format!("{}/good", site.url)).await.unwrap();
    says("\"level\":\"TRACE\"").await;

    let asked = async || {
        let request = reqwest::Client::new().get(format!("{}/api/categories", site.url));
        request.header("origin", "https://app.example").header("x-forwarded-for", "203.0.113.9").send().await.unwrap()
    };
    let allowed = |answer: &reqwest::Response| answer.headers().contains_key("access-control-allow-origin");
    assert!(!allowed(&asked().await));
    site.configure(
        "[network]\ntrusted_proxies = []\n[cors]\norigins = [\"https://app.example\"]\n[limits.per_minute]\nblog = 1",
    );
    process.signal("-HUP");
    eventually("one answer a minute", async || (asked().await.status() == 429).then_some(())).await;
    assert!(allowed(&asked().await));
    says("is not believed").await;
    process.end().await;
}
