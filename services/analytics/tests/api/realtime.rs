//! The stream of who is there now.

use std::time::Duration as Std;

use axum::{body::Body, extract::Request};
use contracts::{analytics::Realtime, module::Role};
use futures_util::StreamExt;
use http::header;
use kit::testing::Backend;
use tower::ServiceExt;

use crate::support::{Analytics, FIREFOX, IPHONE, OTHERS_POST, POST, of_post, view};

kit::on_both_databases!(the_stream_follows, an_author_sees_their_own, shutdown_ends_the_stream);

struct Stream {
    body: axum::body::BodyDataStream,
    rest: String,
}

impl Stream {
    async fn open(analytics: &Analytics, user: &str, role: Role) -> Self {
        let token = analytics.shared.token(user, user, role);
        let request = Request::get("/api/analytics/realtime")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::empty())
            .expect("a request");
        let response = analytics.router.clone().oneshot(request).await.expect("an answer");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body().into_data_stream(), rest: String::new() }
    }

    /// The next snapshot; `None` at the end of the stream.
    async fn next(&mut self) -> Option<Realtime> {
        let next = async {
            loop {
                if let Some((event, rest)) = self.rest.split_once("\n\n") {
                    let (event, rest) = (event.to_owned(), rest.to_owned());
                    self.rest = rest;
                    if let Some(data) = event.lines().find_map(|line| line.strip_prefix("data: ")) {
                        assert!(event.contains("event: snapshot"));
                        return Some(serde_json::from_str(data).expect("a snapshot"));
                    }
                    continue;
                }
                let chunk = self.body.next().await?.expect("a chunk");
                self.rest.push_str(std::str::from_utf8(&chunk).expect("UTF-8"));
            }
        };
        tokio::time::timeout(Std::from_secs(20), next).await.expect("an event in time")
    }

    async fn until(&mut self, wanted: impl Fn(&Realtime) -> bool) -> Realtime {
        loop {
            let snapshot = self.next().await.expect("the stream goes on");
            if wanted(&snapshot) {
                return snapshot;
            }
        }
    }
}

async fn the_stream_follows(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let mut stream = Stream::open(&analytics, "admin", Role::Admin).await;
    let empty = stream.next().await.expect("the first comes at once");
    assert_eq!((empty.active, empty.minutes.len(), empty.pages.len()), (0, 30, 0));
    view(&analytics.visitor("203.0.113.7", FIREFOX), &of_post(POST)).await;
    view(&analytics.visitor("203.0.113.8", IPHONE), &of_post(POST)).await;
    let two = stream.until(|snapshot| snapshot.active == 2).await;
    assert_eq!((two.minutes.iter().sum::<u32>(), two.pages[0].visitors), (2, 2));
    assert_eq!((two.pages[0].url.as_str(), two.pages[0].title.as_str()), ("/posts/hello", "Title of hello"));
    // They leave; one who comes back is there again, though no new view.
    analytics.shared.advance(time::Duration::minutes(6));
    stream.until(|snapshot| snapshot.active == 0 && snapshot.minutes.iter().sum::<u32>() == 2).await;
    assert!(!view(&analytics.visitor("203.0.113.7", FIREFOX), &of_post(POST)).await.counted);
    stream.until(|snapshot| snapshot.active == 1).await;
}

async fn an_author_sees_their_own(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    view(&analytics.visitor("203.0.113.7", FIREFOX), &of_post(POST)).await;
    view(&analytics.visitor("203.0.113.8", FIREFOX), &of_post(OTHERS_POST)).await;
    let mut stream = Stream::open(&analytics, "author", Role::Author).await;
    let first = stream.next().await.expect("the first comes at once");
    assert_eq!((first.active, first.pages.len(), first.minutes[29] + first.minutes[28]), (1, 1, 1));
}

async fn shutdown_ends_the_stream(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let mut stream = Stream::open(&analytics, "admin", Role::Admin).await;
    stream.next().await.expect("the first comes at once");
    analytics.shared.shared.shutdown.cancel();
    assert_eq!(stream.next().await, None);
    analytics.shared.shared.tasks.close();
    let drained = tokio::time::timeout(Std::from_secs(10), analytics.shared.shared.tasks.wait()).await;
    drained.expect("nothing keeps the process");
}
