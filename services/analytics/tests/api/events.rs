//! What other services tell, in whatever order it comes; and recounting.

use contracts::{
    analytics::{PostCount, Report, Stats},
    blog::PostStatus,
    events::{
        CommentCreated, CommentDeleted, LikeToggled, PageDeleted, PageUpdated, PostCreated, PostDeleted, PostPublished,
        PostTrashed, PostUpdated,
    },
    module::Role,
    reconcile,
};
use kit::testing::Backend;

use crate::support::{Analytics, FIREFOX, NOTICE, OTHERS_POST, POST, answer, facts, message, of_post, view};

kit::on_both_databases!(
    titles_and_slugs_follow,
    counts_are_the_newest_whatever_comes_late,
    a_purged_post_takes_its_views_along,
    a_purged_page_is_gone,
    what_a_newer_build_wrote_waits,
    reconciliation_repairs_drift,
);

async fn top(analytics: &Analytics) -> Vec<PostCount> {
    analytics.admin().get("/api/stats").await.json::<Stats>(200).top_posts
}

async fn titles_and_slugs_follow(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let post = |slug: &str| facts(POST, slug, "author", PostStatus::Public);
    analytics.deliver(POST, 1, &PostCreated { post: post("one") }).await;
    analytics.deliver(POST, 2, &PostPublished { post: post("two") }).await;
    // The third is late, and twice.
    let third = message(POST, 3, &PostUpdated { post: post("three"), old_slug: None });
    analytics.deliver(POST, 4, &PostPublished { post: post("four") }).await;
    analytics.publish(&third).await;
    analytics.publish(&third).await;
    let top = top(&analytics).await;
    assert_eq!(top.len(), 1);
    assert_eq!((top[0].slug.as_str(), top[0].title.as_str()), ("four", "Title of four"));
    let trashed = PostTrashed { post: facts(POST, "four", "author", PostStatus::Trashed) };
    analytics.deliver(POST, 5, &trashed).await;
    let stats: Stats = analytics.admin().get("/api/stats").await.json(200);
    assert_eq!((stats.posts, stats.top_posts.len()), (0, 0));
}

async fn counts_are_the_newest_whatever_comes_late(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let created = |comments| CommentCreated { comment_id: "c".into(), post_id: POST.into(), comments };
    let deleted = |comments| CommentDeleted { comment_id: "c".into(), post_id: POST.into(), comments };
    // Before anything is known of the post; the second is older than the first.
    analytics.deliver(POST, 3, &deleted(1)).await;
    analytics.deliver(POST, 2, &created(2)).await;
    analytics.deliver(POST, 5, &LikeToggled { post_id: POST.into(), likes: 7 }).await;
    analytics.deliver(POST, 4, &LikeToggled { post_id: POST.into(), likes: 8 }).await;
    analytics.deliver(POST, 1, &PostCreated { post: facts(POST, "hello", "author", PostStatus::Public) }).await;
    let top = top(&analytics).await;
    assert_eq!((top[0].comments, top[0].likes, top[0].slug.as_str()), (1, 7, "hello"));
    let stats: Stats = analytics.user("author", Role::Author).get("/api/stats").await.json(200);
    assert_eq!((stats.comments, stats.likes, stats.posts_public), (1, 7, 1));
}

async fn a_purged_post_takes_its_views_along(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let one = analytics.visitor("203.0.113.7", FIREFOX);
    view(&one, &of_post(POST)).await;
    view(&one, &of_post(OTHERS_POST)).await;
    let posts = "/api/analytics/pageviews?by=post";
    assert_eq!(analytics.admin().get(posts).await.json::<Report>(200).items.len(), 2);
    view(&analytics.visitor("203.0.113.8", FIREFOX), &of_post(POST)).await;

    analytics.neighbours.change(|known| known.posts.remove(POST));
    analytics.deliver(POST, 9, &PostDeleted { post_id: POST.into(), slug: "hello".into() }).await;
    let report: Report = analytics.admin().get(posts).await.json(200);
    assert_eq!(report.items.iter().map(|row| row.key.as_str()).collect::<Vec<_>>(), [OTHERS_POST]);
    analytics.admin().get(&format!("{posts}&post={POST}")).await.problem(404);
    let page: contracts::analytics::PostViewsPage = analytics.client.service().get("/internal/views").await.json(200);
    assert!(page.items.iter().all(|post| post.post_id != POST));
    // A late event does not bring it back, nor does a reader who still has it open.
    let late = PostUpdated { post: facts(POST, "hello", "author", PostStatus::Public), old_slug: None };
    analytics.deliver(POST, 8, &late).await;
    analytics.deliver(POST, 10, &late).await;
    answer(&one, &of_post(POST)).await.problem(404);
    let stats: Stats = analytics.admin().get("/api/stats").await.json(200);
    assert_eq!(stats.views_total, 3, "that the site was viewed stays true");
}

async fn a_purged_page_is_gone(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let (one, path) = (analytics.visitor("203.0.113.7", FIREFOX), format!("/api/views/page/{NOTICE}"));
    view(&one, &path).await;
    let report: Report = analytics.admin().get("/api/analytics/pageviews?by=post").await.json(200);
    assert_eq!(report.items[0].url.as_deref(), Some("/notices/opening"));
    let updated = PageUpdated { page_id: NOTICE.into(), slug: "opened".into(), ..PageUpdated::default() };
    analytics.deliver(NOTICE, 2, &updated).await;
    assert_eq!(view(&one, &path).await.views, 1, "its owner was asked again");
    analytics.deliver(NOTICE, 3, &PageDeleted { page_id: NOTICE.into(), slug: "opened".into() }).await;
    answer(&one, &path).await.problem(404);
}

async fn what_a_newer_build_wrote_waits(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let mut newer = message(POST, 1, &LikeToggled { post_id: POST.into(), likes: 7 });
    newer.schema_version = 2;
    analytics.publish(&newer).await;
    let letters: contracts::dead_letters::DeadLetters =
        analytics.client.service().get("/internal/dead-letters").await.json(200);
    assert_eq!((letters.total, letters.items[0].id.as_str()), (1, newer.id.as_str()));
}

async fn reconciliation_repairs_drift(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let reconcile = async || {
        let answer = analytics
            .client
            .service()
            .send(http::Method::POST, "/internal/reconcile", None, axum::body::Bytes::new())
            .await;
        let report: reconcile::Report = answer.json(200);
        report.checks.into_iter().map(|check| (check.name, check.drift)).collect::<Vec<_>>()
    };
    let none = |name: &str| (name.to_owned(), 0);
    for post in [(POST, "hello", "author", PostStatus::Public), (OTHERS_POST, "other", "other", PostStatus::Public)] {
        analytics.deliver(post.0, 1, &PostCreated { post: facts(post.0, post.1, post.2, post.3) }).await;
    }
    view(&analytics.visitor("203.0.113.7", FIREFOX), &of_post(POST)).await;
    let first = reconcile().await;
    assert_eq!(first[0], ("post_copies".to_owned(), 1), "the draft, of which no event told");
    assert_eq!(
        reconcile().await,
        [none("post_copies"), none("purged_posts"), none("comments_and_likes"), none("view_totals")]
    );

    // Events that never came: a new title, a purge, comments; and a total gone wrong.
    analytics.neighbours.change(|known| {
        known.posts.entry(POST.to_owned()).and_modify(|post| post.title = "Another".to_owned());
        known.posts.remove(OTHERS_POST);
        known.totals.insert(POST.to_owned(), (2, 3));
    });
    let db = analytics.db.connect().await;
    let wrong = "UPDATE targets SET views = 99 WHERE id = $1";
    kit::db::sql::execute(db.write(), wrong, [POST.into()]).await.expect("written");
    let drift: Vec<_> = reconcile().await.into_iter().map(|(_, drift)| drift).collect();
    assert_eq!(drift, [1, 1, 1, 1]);
    assert_eq!(
        reconcile().await,
        [none("post_copies"), none("purged_posts"), none("comments_and_likes"), none("view_totals")]
    );
    let top = top(&analytics).await;
    assert_eq!((top[0].title.as_str(), top[0].views, top[0].comments, top[0].likes), ("Another", 1, 2, 3));
    assert!(top.iter().all(|post| post.post_id != OTHERS_POST));
}
