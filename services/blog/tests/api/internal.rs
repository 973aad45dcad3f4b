//! What other services ask for, and what is asked of them.

use axum::{Json, Router, routing::get};
use contracts::{
    analytics::{PostViews, PostViewsPage},
    auth::UserCard,
    blog::{InternalPosts, Post, PostExists, PostInput, PostRef, PostStatus, PostVisibility},
    content::{PostTotals, PostTotalsPage},
    reconcile::Report,
};
use kit::{db::sql, testing::Backend};

use crate::support::{Blog, public, write};

kit::on_both_databases!(
    posts_are_known_by_id,
    who_sees_what_is_answered,
    all_posts_are_listed_in_pages,
    drift_is_found_and_repaired,
);

async fn posts_are_known_by_id(backend: Backend) {
    let blog = Blog::start(backend).await;
    let service = blog.client.service();
    let post = write(&blog.author(), &public("Hello")).await.summary;
    let path = format!("/internal/posts/{}", post.id);
    let known: PostRef = service.get(&path).await.json(200);
    assert_eq!((known.slug.as_str(), known.author_id.as_str(), known.status), ("hello", "author", PostStatus::Public));
    blog.author().delete("/api/posts/hello").await;
    assert_eq!(service.get(&path).await.json::<PostRef>(200).status, PostStatus::Trashed);
    assert!(service.get(&format!("{path}/exists")).await.json::<PostExists>(200).exists);
    blog.author().delete("/api/posts/hello?purge=true").await;
    service.get(&path).await.problem(404);
    assert!(!service.get(&format!("{path}/exists")).await.json::<PostExists>(200).exists);
    for path in [path.as_str(), "/internal/posts", "/internal/posts/x/visibility", "/internal/posts/x/exists"] {
        blog.admin().get(path).await.problem(401);
    }
    blog.admin().post("/internal/reconcile", &()).await.problem(401);
}

async fn who_sees_what_is_answered(backend: Backend) {
    let blog = Blog::start(backend).await;
    let private = PostInput { status: Some(PostStatus::Private), ..public("Mine") };
    let mine = write(&blog.author(), &private).await.summary.id;
    let silent = PostInput { comments_allowed: Some(false), ..public("Silent") };
    let silent = write(&blog.author(), &silent).await.summary.id;
    let service = blog.client.service();
    let ask = async |id: &str, who: &str| -> (bool, bool) {
        let path = format!("/internal/posts/{id}/visibility{who}");
        let answer: PostVisibility = service.get(&path).await.json(200);
        (answer.visible, answer.comments_allowed)
    };
    assert_eq!(ask(&mine, "").await, (false, false));
    assert_eq!(ask(&mine, "?viewer=author&role=AUTHOR").await, (true, true));
    assert_eq!(ask(&mine, "?viewer=author&role=USER").await, (false, false));
    assert_eq!(ask(&mine, "?viewer=other&role=AUTHOR").await, (false, false));
    assert_eq!(ask(&mine, "?viewer=admin&role=ADMIN").await, (true, true));
    assert_eq!(ask(&silent, "").await, (true, false));
    assert_eq!(ask("nothing", "?viewer=admin&role=ADMIN").await, (false, false));
    service.get(&format!("/internal/posts/{mine}/visibility?role=KING")).await.problem(400);
    blog.author().delete("/api/posts/mine").await;
    assert_eq!(ask(&mine, "?viewer=admin&role=ADMIN").await, (false, false));
}

async fn all_posts_are_listed_in_pages(backend: Backend) {
    let blog = Blog::start(backend).await;
    let service = blog.client.service();
    let mut ids = Vec::new();
    for n in 0..5 {
        let input = PostInput { content: format!("![x](/media/{n}.png)"), ..public("Post") };
        ids.push(write(&blog.author(), &input).await.summary.id);
    }
    blog.author().delete("/api/posts/post-2").await;
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page: InternalPosts = service.get(&format!("/internal/posts?limit=2&after={after}")).await.json(200);
        seen.extend(page.items.into_iter().map(|post| (post.post_id, post.images)));
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }
    ids.sort();
    assert_eq!(seen.iter().map(|(id, _)| id).collect::<Vec<_>>(), ids.iter().collect::<Vec<_>>());
    assert!(seen.iter().all(|(_, images)| images.len() == 1));
    service.get("/internal/posts?limit=501").await.problem(400);
}

async fn drift_is_found_and_repaired(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = kit::id::new();
    let writer = blog.user(&author, contracts::module::Role::Author);
    let input = PostInput { tags: vec!["Rust".into()], ..public("Hello") };
    let id = write(&writer, &input).await.summary.id;
    let service = blog.client.service();
    // Nobody to ask yet.
    assert_eq!(service.post("/internal/reconcile", &()).await.problem(500).code, "internal");

    let (post, other) = (id.clone(), kit::id::new());
    let content = Router::new().route(
        "/internal/posts/counts",
        get(async move |uri: http::Uri| {
            // Two pages, and a post that is not ours.
            let first = uri.query().unwrap_or_default().ends_with("after=");
            let total = |post_id: &str| PostTotals { post_id: post_id.to_owned(), comments: 4, likes: 2 };
            Json(if first {
                PostTotalsPage { items: vec![total(&post)], next: Some(post.clone()) }
            } else {
                PostTotalsPage { items: vec![total(&other)], next: None }
            })
        }),
    );
    let post = id.clone();
    let analytics = Router::new().route(
        "/internal/views",
        get(async move || {
            Json(PostViewsPage { items: vec![PostViews { post_id: post.clone(), views: 30 }], next: None })
        }),
    );
    let card = UserCard { id: author.clone(), name: "Called so now".into(), ..UserCard::default() };
    let auth = Router::new().route("/api/users", get(async move || Json(vec![card.clone()])));
    for (name, router) in [("content", content), ("analytics", analytics), ("auth", auth)] {
        blog.shared.shared.peers.register(name, router);
    }
    let db = blog.db.connect().await;
    sql::execute(db.write(), "UPDATE tags SET posts = 9", []).await.expect("drifted");

    let found = |report: &Report| -> Vec<(String, u64)> {
        // The search index catches up by itself, sooner or later than this.
        let kept = report.checks.iter().filter(|it| it.drift > 0 && it.name != "search_index");
        kept.map(|it| (it.name.clone(), it.repaired)).collect()
    };
    let report: Report = service.post("/internal/reconcile", &()).await.json(200);
    let expected = ["comment_counts", "like_counts", "view_counts", "tag_counts", "author_copies"];
    assert_eq!(found(&report), expected.map(|name| (name.to_owned(), 1)));
    let read: Post = blog.client.get("/api/posts/hello").await.json(200);
    assert_eq!((read.summary.views, read.summary.likes, read.summary.comments), (30, 2, 4));
    assert_eq!(read.summary.author_name, "Called so now");
    let report: Report = service.post("/internal/reconcile", &()).await.json(200);
    assert_eq!(found(&report), [], "{report:?}");
}
