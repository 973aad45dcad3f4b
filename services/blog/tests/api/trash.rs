//! Thrown away, and back or gone.

use contracts::{
    blog::{Post, PostInput, PostStatus, Revision},
    module::Role,
};
use kit::testing::Backend;
use time::Duration;

use crate::support::{Blog, change, public, titles, write};

kit::on_both_databases!(
    a_post_comes_back_as_what_it_was,
    a_taken_address_gets_a_number,
    purging_takes_everything,
    old_trash_goes_by_itself,
    the_trash_is_its_owners,
);

async fn a_post_comes_back_as_what_it_was(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let published = write(&author, &PostInput { tags: vec!["Rust".into()], ..public("Hello") }).await;
    write(&author, &PostInput { status: Some(PostStatus::Private), ..public("Mine") }).await;
    for slug in ["hello", "mine"] {
        assert_eq!(author.delete(&format!("/api/posts/{slug}")).await.status, 204);
        author.get(&format!("/api/posts/{slug}")).await.problem(404);
    }
    let trash: contracts::blog::Paged<contracts::blog::PostSummary> =
        author.get("/api/posts?status=TRASHED").await.json(200);
    assert!(trash.total == 2 && trash.items.iter().all(|post| post.trashed_at.is_some()));
    let back: Post = author.post("/api/posts/hello/restore", &()).await.json(200);
    assert_eq!((back.summary.status, back.summary.trashed_at), (PostStatus::Public, None));
    assert_eq!(back.summary.published_at, published.summary.published_at);
    assert_eq!((back.summary.tags.len(), back.summary.version), (1, 3));
    let tag: contracts::blog::Term = blog.client.get("/api/tags/rust").await.json(200);
    assert_eq!(tag.posts, 1);
    let back: Post = author.post("/api/posts/mine/restore", &()).await.json(200);
    assert_eq!(back.summary.status, PostStatus::Private);
    assert_eq!(author.post("/api/posts/mine/restore", &()).await.problem(409).code, "not_in_trash");
}

async fn a_taken_address_gets_a_number(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let mut ids = Vec::new();
    for n in 0..2 {
        ids.push(write(&author, &public("Hello")).await.summary.id);
        blog.shared.advance(Duration::seconds(1));
        assert_eq!(author.delete("/api/posts/hello").await.status, 204, "{n}");
    }
    write(&author, &public("Hello")).await;
    // The last that was thrown away there, unless another is named.
    let first: Post = author.post(&format!("/api/posts/hello/restore?id={}", ids[0]), &()).await.json(200);
    assert_eq!((first.summary.id.as_str(), first.summary.slug.as_str()), (ids[0].as_str(), "hello-2"));
    let second: Post = author.post("/api/posts/hello/restore", &()).await.json(200);
    assert_eq!((second.summary.id.as_str(), second.summary.slug.as_str()), (ids[1].as_str(), "hello-3"));
}

async fn purging_takes_everything(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let post = write(&author, &public("Hello")).await;
    change(&author, &post, PostInput { slug: Some("other".into()), ..public("Hello, again") }).await;
    assert_eq!(author.delete("/api/posts/other?purge=true").await.problem(409).code, "not_in_trash");
    author.delete("/api/posts/other").await;
    author.delete("/api/posts/other?purge=true&version=1").await.problem(409);
    assert_eq!(author.delete("/api/posts/other?purge=true&version=3").await.status, 204);
    author.post("/api/posts/other/restore", &()).await.problem(404);
    blog.client.get("/api/posts/hello").await.problem(404);
    assert_eq!(titles(&author, "/api/posts?status=TRASHED").await, Vec::<String>::new());
    assert_eq!(blog.kinds(&post.summary.id).await.last().map(String::as_str), Some("post.deleted"));
    author.delete("/api/posts/other?purge=true").await.problem(404);
    // The address is free, and what is there now has no past.
    write(&author, &public("Other")).await;
    let kept: contracts::blog::Paged<Revision> = author.get("/api/posts/other/revisions").await.json(200);
    assert_eq!(kept.total, 0);
}

async fn old_trash_goes_by_itself(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let old = write(&author, &public("Old")).await;
    author.delete("/api/posts/old").await;
    blog.shared.advance(Duration::days(29));
    let author = blog.author();
    write(&author, &public("Young")).await;
    author.delete("/api/posts/young").await;
    let (one, other) = (blog.upkeep().await, blog.upkeep().await);
    assert_eq!(one.purge_trash().await.expect("looked"), 0);
    blog.shared.advance(Duration::days(1));
    let (first, second) = tokio::join!(one.purge_trash(), other.purge_trash());
    assert_eq!(first.expect("done") + second.expect("done"), 1);
    assert_eq!(blog.kinds(&old.summary.id).await, ["post.created", "post.published", "post.trashed", "post.deleted"]);
    let left = titles(&blog.author(), "/api/posts?status=TRASHED").await;
    assert_eq!(left, ["Young"]);
}

async fn the_trash_is_its_owners(backend: Backend) {
    let blog = Blog::start(backend).await;
    write(&blog.author(), &public("Hello")).await;
    blog.author().delete("/api/posts/hello").await;
    let other = blog.user("other", Role::Author);
    for stranger in [&other, &blog.user("reader", Role::User), &blog.client] {
        let refused = stranger.post("/api/posts/hello/restore", &()).await.status;
        let purged = stranger.delete("/api/posts/hello?purge=true").await.status;
        assert!(refused.is_client_error() && refused == purged, "{refused} {purged}");
    }
    assert_eq!(other.post("/api/posts/hello/restore", &()).await.status, 404);
    assert_eq!(titles(&other, "/api/posts?status=TRASHED").await, Vec::<String>::new());
    assert_eq!(titles(&blog.admin(), "/api/posts?status=TRASHED").await, ["Hello"]);
    blog.admin().post("/api/posts/hello/restore", &()).await.json::<Post>(200);
}
