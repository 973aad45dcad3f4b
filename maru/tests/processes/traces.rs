//! One trace from the browser's request through the sandbox to a service and its database.

use std::fs::File;

use contracts::blog::{Post, PostStatus};
use kit::testing::rabbitmq;
use serde_json::json;

use crate::{
    bundles::TestBundle,
    collector::{Collector, Span},
    site::{Process, Site},
};

const WRITING: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const READING: &str = "7c1ab3d3a2f04c6fb1a60a2f6e0d9c11";

fn traceparent(trace: &str) -> String {
    format!("00-{trace}-00f067aa0ba902b7-01")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trace_leads_from_the_browser_to_the_database_and_to_whom_the_event_reached() {
    let broker = rabbitmq::own();
    let collector = Collector::start().await;
    let site = Site::new();
    let configuration = site.configuration(Some(&broker.url));
    let modules = site.folder.path().join("modules");
    TestBundle::shell().write(&modules);
    TestBundle::good().write(&modules);
    let log = site.folder.path().join("log");
    let running: Vec<Process> = ["auth", "blog", "content", "bff"]
        .into_iter()
        .map(|name| {
            let mut command = site.command(name, &configuration);
            command.env("MARU_TELEMETRY__OTLP_ENDPOINT", &collector.url).env("OTEL_BSP_SCHEDULE_DELAY", "200");
            if name == "bff" {
                command.arg("--modules").arg(&modules).stderr(File::create(&log).unwrap());
            }
            Process::start(&mut command)
        })
        .collect();
    for (service, path) in [("auth", "/ready"), ("blog", "/ready"), ("content", "/ready"), ("bff", "/_health")] {
        site.ready(service, path).await;
    }

    let tokens = site.admin().await;
    let post = json!({"title": "Traced", "content": "Text", "status": PostStatus::Public});
    let write = site.client.post(format!("{}/api/posts", site.url("bff"))).bearer_auth(&tokens.access_token);
    let write = write.header("traceparent", traceparent(WRITING)).json(&post);
    let post: Post = write.send().await.unwrap().error_for_status().unwrap().json().await.unwrap();

    let page = site.client.get(format!("{}/good/post/{}", site.url("bff"), post.summary.slug));
    let page = page.header("traceparent", traceparent(READING)).send().await.unwrap();
    let page = page.error_for_status().unwrap().text().await.unwrap();
    assert!(page.contains("<p>read</p>"), "{page}");

    // From the statement back to the browser, each the child of the one before.
    let of = |service: &'static str, name: &'static str, trace: &'static str| {
        move |span: &Span| span.service.contains(service) && span.name.starts_with(name) && span.trace == trace
    };
    let request = collector.find("the BFF's request", of("maru-bff", "GET /good", READING)).await;
    assert_eq!(request.parent, "00f067aa0ba902b7", "the browser's own span");
    let child = async |what: &str, parent: &Span, service: &'static str, name: &'static str| {
        let of = of(service, name, READING);
        collector.find(what, |span| of(span) && span.parent == parent.id).await
    };
    let render = {
        let of = of("maru-bff", "render", READING);
        collector.find("the sandbox", |span| of(span) && span.parent == request.id && span.name.contains("good")).await
    };
    let get = child("the sandbox's read", &render, "maru-bff", "get").await;
    let call = child("the call of the service", &get, "maru-bff", "GET ").await;
    let served = child("the service's request", &call, "maru-blog", "GET /api/posts/{slug}").await;
    child("the statement", &served, "maru-blog", "query").await;

    let written = collector.find("the writing request", of("maru-bff", "POST /api/", WRITING)).await;
    assert_eq!(written.parent, "00f067aa0ba902b7");
    let told = |span: &Span| span.service.contains("maru-content") && span.links.iter().any(|trace| trace == WRITING);
    let told = collector.find("the consumer", told).await;
    assert!(told.name.starts_with("post.") && told.trace != WRITING, "{told:?}");

    // What is nobody's business is in no log and no trace.
    let reset = format!("{}/reset/a-secret-of-a-link?token=another-secret", site.url("bff"));
    site.client.get(reset).send().await.unwrap();
    for process in running {
        process.end().await;
    }
    let told = collector.text() + &std::fs::read_to_string(&log).unwrap();
    for secret in ["a-secret-of-a-link", "another-secret", "ada@example.com", "correct horse", &tokens.access_token] {
        assert!(!told.contains(secret), "{secret} is told");
    }
    assert!(told.contains("maru-bff"), "the BFF was heard at all");
}
