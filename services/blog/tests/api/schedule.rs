//! Posts that publish themselves.

use contracts::blog::{Post, PostInput, PostStatus};
use kit::testing::{Backend, TestDb};
use time::Duration;

use crate::support::{Blog, change, path, public, titles, write};

kit::on_both_databases!(
    a_scheduled_post_is_published_once_by_however_many,
    what_was_due_while_nobody_was_here_is_published,
    a_time_can_be_moved_and_taken_back,
    odd_times_are_refused,
    what_readers_see_is_not_taken_from_them_by_a_time,
);

fn at(blog: &Blog, minutes: i64) -> String {
    kit::clock::rfc3339(blog.shared.shared.clock.millis() + minutes * 60_000)
}

fn scheduled(title: &str, at: String) -> PostInput {
    PostInput {
        status: Some(PostStatus::Scheduled),
        scheduled_at: Some(at),
        tags: vec!["Rust".into()],
        ..public(title)
    }
}

async fn a_scheduled_post_is_published_once_by_however_many(backend: Backend) {
    let blog = Blog::start(backend).await;
    let time = at(&blog, 10);
    let mut ids = Vec::new();
    for n in 0..5 {
        ids.push(write(&blog.author(), &scheduled(&format!("Later {n}"), time.clone())).await.summary.id);
    }
    blog.client.get("/api/posts/later-0").await.problem(404);
    let own: Post = blog.author().get("/api/posts/later-0").await.json(200);
    assert_eq!((own.summary.status, own.summary.scheduled_at.as_deref()), (PostStatus::Scheduled, Some(time.as_str())));
    let (one, other) = (blog.upkeep().await, blog.upkeep().await);
    assert_eq!(one.publish_due().await.expect("looked"), 0);

    blog.shared.advance(Duration::minutes(11));
    // Two replicas, and the service's own work beside them.
    let (first, second) = tokio::join!(one.publish_due(), other.publish_due());
    assert!(first.expect("done") + second.expect("done") <= 5);
    for id in &ids {
        assert_eq!(blog.kinds(id).await, ["post.created", "post.published"]);
    }
    let read: Post = blog.client.get("/api/posts/later-0").await.json(200);
    assert_eq!((read.summary.published_at.as_deref(), read.summary.scheduled_at), (Some(time.as_str()), None));
    let tag: contracts::blog::Term = blog.client.get("/api/tags/rust").await.json(200);
    assert_eq!(tag.posts, 5);
    assert_eq!(one.publish_due().await.expect("looked"), 0);
}

async fn what_was_due_while_nobody_was_here_is_published(backend: Backend) {
    let db = TestDb::new(backend).await;
    let blog = Blog::start_on(db).await;
    let time = at(&blog, 10);
    let post = write(&blog.author(), &scheduled("Later", time.clone())).await;
    blog.shared.shared.shutdown.cancel();
    let Blog { db, shared, .. } = blog;
    drop(shared);

    let blog = Blog::start_on(db).await;
    blog.shared.advance(Duration::hours(5));
    // By the service itself; nobody asks.
    kit::testing::eventually("the late publication", || async {
        (blog.client.get("/api/posts/later").await.status == 200).then_some(())
    })
    .await;
    let read: Post = blog.client.get("/api/posts/later").await.json(200);
    assert_eq!(read.summary.published_at.as_deref(), Some(time.as_str()));
    assert_eq!(blog.kinds(&post.summary.id).await, ["post.created", "post.published"]);
}

async fn a_time_can_be_moved_and_taken_back(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let post = write(&author, &scheduled("Later", at(&blog, 10))).await;
    // A change that says nothing of the time leaves it.
    let same = change(&author, &post, PostInput { status: None, ..public("Later") }).await;
    assert_eq!(same.summary.scheduled_at, post.summary.scheduled_at);
    let moved = change(&author, &same, scheduled("Later", at(&blog, 30))).await;
    blog.shared.advance(Duration::minutes(11));
    assert_eq!(blog.upkeep().await.publish_due().await.expect("looked"), 0);
    // The token has ended meanwhile.
    let author = blog.author();
    assert_eq!(titles(&author, "/api/posts?status=SCHEDULED").await, ["Later"]);
    let draft = PostInput { status: Some(PostStatus::Draft), ..public("Later") };
    let back = change(&author, &moved, draft).await;
    assert_eq!((back.summary.status, back.summary.scheduled_at), (PostStatus::Draft, None));
    blog.shared.advance(Duration::minutes(30));
    assert_eq!(blog.upkeep().await.publish_due().await.expect("looked"), 0);
    blog.client.get("/api/posts/later").await.problem(404);
}

async fn odd_times_are_refused(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let cases = [
        (scheduled("x", at(&blog, -1)), "past"),
        (scheduled("x", "2026-02-30T09:00:00Z".into()), "invalid"),
        (scheduled("x", "tomorrow".into()), "invalid"),
        (scheduled("x", "9999-12-31T00:00:00Z".into()), "too_far"),
        (PostInput { scheduled_at: None, ..scheduled("x", String::new()) }, "required"),
        (PostInput { scheduled_at: Some(at(&blog, 5)), ..public("x") }, "invalid"),
    ];
    for (input, code) in cases {
        assert_eq!(author.post("/api/posts", &input).await.field_error(), ("scheduled_at".into(), code.into()));
    }
    let post = write(&author, &public("Public")).await;
    let input = PostInput { version: Some(1), scheduled_at: Some(at(&blog, 5)), status: None, ..public("Public") };
    assert_eq!(author.put(&path(&post), &input).await.field_error().0, "scheduled_at");
}

async fn what_readers_see_is_not_taken_from_them_by_a_time(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let post = write(&author, &public("Read")).await;
    let input = PostInput { version: Some(1), ..scheduled("Read", at(&blog, 5)) };
    let refused = author.put(&path(&post), &input).await;
    assert_eq!(refused.field_error(), ("scheduled_at".into(), "invalid".into()));
    blog.client.get("/api/posts/read").await.json::<Post>(200);
    // Who wants that hides it first.
    let hidden = change(&author, &post, PostInput { status: Some(PostStatus::Private), ..public("Read") }).await;
    let later = change(&author, &hidden, scheduled("Read", at(&blog, 5))).await;
    assert_eq!(later.summary.status, PostStatus::Scheduled);
}
