//! Every service in a process of its own, as in production: events over a real RabbitMQ, keys and calls over HTTP.

use std::process::Stdio;

use contracts::blog::{Post, PostStatus};
use kit::testing::{eventually, rabbitmq};
use serde_json::json;

use crate::site::{Process, SERVICES, Site, TOKEN};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn services_in_processes_of_their_own_work_together() {
    let site = Site::new();
    let configuration = site.configuration(Some(rabbitmq::url()));
    let start = |name| Process::start(&mut site.command(name, &configuration));
    let mut running: Vec<Process> = SERVICES.into_iter().map(start).collect();
    for service in SERVICES {
        site.ready(service, "/ready").await;
        site.ready(service, "/health").await;
        // Past the gateway nobody gets in, whatever they call themselves, but for who knows the token.
        let ask = || site.client.get(format!("{}/openapi.json", site.url(service)));
        let stranger = ask().header("x-client-address", "192.0.2.1").header("x-service-token", "a guess");
        assert_eq!(stranger.send().await.unwrap().status(), 403, "{service}");
        let other =
            site.client.get(format!("{}/ready", site.url(service))).header("x-service-token", "of another site");
        assert_eq!(other.send().await.unwrap().status(), 403, "{service}");
        for (name, value) in [("authorization", format!("Service {TOKEN}")), ("x-service-token", TOKEN.to_owned())] {
            assert_eq!(ask().header(name, value).send().await.unwrap().status(), 200, "{service}");
        }
    }
    running.push(start("bff"));
    // Without modules it is never ready for pages; the gateway is.
    site.ready("bff", "/_health").await;

    let tokens = site.admin().await;
    let post = json!({"title": "Alone", "content": "Text", "status": PostStatus::Public});
    let post: Post = site
        .client
        .post(format!("{}/api/posts", site.url("bff")))
        .bearer_auth(&tokens.access_token)
        .json(&post)
        .send()
        .await
        .unwrap()
        .error_for_status()
        .unwrap()
        .json()
        .await
        .unwrap();
    let renamed = site.client.put(format!("{}/api/auth/profile", site.url("bff"))).bearer_auth(&tokens.access_token);
    renamed.json(&json!({"name": "Ada L."})).send().await.unwrap().error_for_status().unwrap();
    let url = format!("{}/api/posts/{}", site.url("bff"), post.summary.slug);
    eventually("the post showing the new name", async || {
        let post: Post = site.client.get(&url).send().await.ok()?.json().await.ok()?;
        (post.summary.author_name == "Ada L.").then_some(())
    })
    .await;

    let comment = json!({"post_id": post.summary.id, "content": "Hello"});
    let comment =
        site.client.post(format!("{}/api/comments", site.url("bff"))).bearer_auth(&tokens.access_token).json(&comment);
    comment.send().await.unwrap().error_for_status().unwrap();
    eventually("the post counting its comment", async || {
        let post: Post = site.client.get(&url).send().await.ok()?.json().await.ok()?;
        (post.summary.comments == 1).then_some(())
    })
    .await;

    // Asked to end, each ends by itself and well.
    for process in running {
        process.end().await;
    }
}

#[tokio::test]
async fn a_service_alone_needs_a_bus() {
    let site = Site::new();
    let configuration = site.configuration(None);
    let mut command = site.command("blog", &configuration);
    command.stderr(Stdio::piped());
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("RabbitMQ"), "{said}");
}
