//! What other services tell, and what is recounted.

use contracts::{
    blog::PostStatus,
    content::{Bookmark, Bookmarks, LikeStatus, MyComments, PostTotalsPage},
    events::{PostDeleted, PostPublished, PostRestored, PostTrashed, PostUpdated, UserDeleted, UserProfileUpdated},
    reconcile::Report,
};
use kit::{db::sql, testing::Backend};
use sea_orm::Value;

use crate::support::{Content, act, answer, input, list, path, seen, write};

kit::on_both_databases!(
    a_purged_post_takes_everything_along,
    a_post_in_the_trash_is_hidden_with_its_comments,
    an_old_event_changes_nothing,
    a_new_name_reaches_every_comment,
    a_deleted_account_leaves_its_words_or_nothing,
    totals_are_told,
    drift_is_found_and_repaired,
);

async fn a_purged_post_takes_everything_along(backend: Backend) {
    let content = Content::start(backend).await;
    let (post, other) = (content.post(), content.post());
    let reader = content.reader("a");
    for post in [&post, &other] {
        let root = write(&reader, &input(post, "root")).await;
        write(&reader, &answer(post, &root, "reply")).await;
        act(&reader, &format!("/api/likes/{}/toggle", post.post_id)).await.json::<LikeStatus>(200);
        act(&reader, &format!("/api/bookmarks/{}", post.post_id)).await.json::<Bookmark>(201);
        act(&reader, &format!("{}/like", path(&root))).await.json::<LikeStatus>(200);
    }
    content.others.remove(&post.post_id);
    let gone = PostDeleted { post_id: post.post_id.clone(), slug: post.slug.clone() };
    content.tell(&post.post_id, gone).await;
    reader.get(&format!("/api/comments/post/{}", post.post_id)).await.problem(404);
    act(&reader, &format!("/api/likes/{}/toggle", post.post_id)).await.problem(404);
    act(&reader, &format!("/api/bookmarks/{}", post.post_id)).await.problem(404);
    reader.post("/api/comments", &input(&post, "late")).await.problem(404);
    let bookmarks: Bookmarks = reader.get("/api/bookmarks").await.json(200);
    let mine: MyComments = reader.get("/api/comments/mine").await.json(200);
    assert_eq!((bookmarks.total, mine.total), (1, 2));
    let db = content.db.connect().await;
    for (table, left) in [("comments", 2), ("likes", 1), ("bookmarks", 1), ("comment_likes", 1)] {
        let query = format!("SELECT COUNT(*) AS n FROM {table}");
        assert_eq!(sql::number(db.read(), &query, []).await.expect("counted"), left, "{table}");
    }
    // What was sent before and comes late does not bring it back.
    let report: Report = content.client.service().post("/internal/reconcile", &()).await.json(200);
    assert_eq!(report.drift(), 0, "{report:?}");
}

async fn a_post_in_the_trash_is_hidden_with_its_comments(backend: Backend) {
    let content = Content::start(backend).await;
    let mut post = content.post();
    let reader = content.reader("a");
    let comment = write(&reader, &input(&post, "hello")).await;
    post.status = PostStatus::Trashed;
    content.others.change(&post);
    content.tell(&post.post_id, PostTrashed { post: post.clone() }).await;
    for caller in [&content.client, &reader, &content.author(), &content.admin()] {
        caller.get(&format!("/api/comments/post/{}", post.post_id)).await.problem(404);
        caller.get(&path(&comment)).await.problem(404);
    }
    let mine: MyComments = reader.get("/api/comments/mine").await.json(200);
    assert_eq!(mine.total, 0);
    post.status = PostStatus::Public;
    content.others.change(&post);
    content.tell(&post.post_id, PostRestored { post: post.clone() }).await;
    assert_eq!(seen(&content.client, &post).await, "hello");
}

async fn an_old_event_changes_nothing(backend: Backend) {
    let content = Content::start(backend).await;
    let mut post = content.post();
    content.tell(&post.post_id, PostPublished { post: post.clone() }).await;
    post.status = PostStatus::Private;
    content.tell(&post.post_id, PostUpdated { post: post.clone(), old_slug: None }).await;
    content.client.get(&format!("/api/comments/post/{}", post.post_id)).await.problem(404);
    // Of another kind, sent before the last one, delivered after it.
    let late = kit::events::Message {
        id: kit::id::new(),
        kind: "post.restored".into(),
        aggregate_id: post.post_id.clone(),
        sequence: 1,
        occurred_at: "2026-01-01T00:00:00Z".into(),
        trace: None,
        schema_version: 1,
        data: serde_json::json!({ "post": { "status": "PUBLIC", "post_id": post.post_id, "slug": "x", "title": "x", "author_id": "author" } }),
    };
    content.shared.shared.bus.publish(&late).await.expect("taken");
    content.client.get(&format!("/api/comments/post/{}", post.post_id)).await.problem(404);
}

async fn a_new_name_reaches_every_comment(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let root = write(&content.reader("a"), &input(&post, "one")).await;
    write(&content.reader("b"), &answer(&post, &root, "two")).await;
    let event =
        UserProfileUpdated { user_id: "a".into(), name: "새 이름".into(), avatar: Some("/media/a.png".into()) };
    content.tell("a", event).await;
    let page = list(&content.client, &post).await;
    assert_eq!(page.items[0].author_name, "새 이름");
    assert_eq!(page.items[0].author_avatar.as_deref(), Some("/media/a.png"));
    assert_eq!(page.items[0].replies[0].author_name, "Name of b");
    assert_eq!(write(&content.reader("a"), &input(&post, "three")).await.author_name, "새 이름");
}

async fn a_deleted_account_leaves_its_words_or_nothing(backend: Backend) {
    let content = Content::start(backend).await;
    let (post, other) = (content.post(), content.post());
    for user in ["keeps", "goes"] {
        let reader = content.reader(user);
        let root = write(&reader, &input(&post, &format!("{user} root"))).await;
        write(&content.reader("b"), &answer(&post, &root, "reply")).await;
        let other_root = write(&reader, &input(&other, &format!("{user} alone"))).await;
        write(&reader, &answer(&other, &other_root, &format!("{user} again"))).await;
        act(&reader, &format!("/api/likes/{}/toggle", post.post_id)).await.json::<LikeStatus>(200);
        act(&reader, &format!("{}/like", path(&root))).await.json::<LikeStatus>(200);
        act(&reader, &format!("/api/bookmarks/{}", post.post_id)).await.json::<Bookmark>(201);
        content.shared.advance(time::Duration::minutes(2));
    }
    content.heard(&post.post_id, 4, 2).await;
    content.tell("keeps", UserDeleted { user_id: "keeps".into(), keep_content: true }).await;
    content.tell("goes", UserDeleted { user_id: "goes".into(), keep_content: false }).await;
    assert_eq!(seen(&content.client, &post).await, "keeps root(reply) -(reply)");
    assert_eq!(seen(&content.client, &other).await, "keeps alone(keeps again)");
    let page = list(&content.client, &post).await;
    assert!(page.items[0].author_name.is_empty() && page.items[0].author_id.is_none() && !page.items[0].is_guest);
    content.heard(&post.post_id, 3, 1).await;
    content.heard(&other.post_id, 2, 0).await;
    for user in ["keeps", "goes"] {
        let bookmarks: Bookmarks = content.reader(user).get("/api/bookmarks").await.json(200);
        assert_eq!(bookmarks.total, 0);
    }
    // A name that comes late is not taken up.
    let late = UserProfileUpdated { user_id: "keeps".into(), name: "Ghost".into(), avatar: None };
    content.tell("keeps", late).await;
    assert!(list(&content.client, &post).await.items[0].author_name.is_empty());
}

async fn totals_are_told(backend: Backend) {
    let content = Content::start(backend).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let post = content.post();
        write(&content.reader("a"), &input(&post, "hello")).await;
        ids.push(post.post_id);
    }
    act(&content.reader("a"), &format!("/api/likes/{}/toggle", ids[1])).await.json::<LikeStatus>(200);
    let service = content.client.service();
    let first: PostTotalsPage = service.get("/internal/posts/counts?limit=2").await.json(200);
    assert_eq!((first.items.len(), first.next.as_ref()), (2, Some(&ids[1])));
    let next: PostTotalsPage = service.get(&format!("/internal/posts/counts?limit=2&after={}", ids[1])).await.json(200);
    assert_eq!((next.items.len(), next.next), (1, None));
    let one: PostTotalsPage = service.get(&format!("/internal/posts/counts?ids={}", ids[1])).await.json(200);
    assert_eq!((one.items.len(), one.items[0].comments, one.items[0].likes), (1, 1, 1));
    for query in ["limit=0", "limit=501", "ids=x"] {
        service.get(&format!("/internal/posts/counts?{query}")).await.problem(400);
    }
}

async fn drift_is_found_and_repaired(backend: Backend) {
    let content = Content::start(backend).await;
    let (mut renamed, lost) = (content.post(), content.post());
    for post in [&renamed, &lost] {
        write(&content.reader("a"), &input(post, "hello")).await;
    }
    let service = content.client.service();
    let reconcile = async || -> Report { service.post("/internal/reconcile", &()).await.json(200) };
    assert_eq!(reconcile().await.drift(), 0);
    // Events that never came, and numbers that somebody touched.
    renamed.title = "Another".into();
    content.others.change(&renamed);
    content.others.remove(&lost.post_id);
    content.others.member("a", "Somebody else");
    let values: [Value; 1] = [renamed.post_id.as_str().into()];
    let db = content.db.connect().await;
    sql::execute(db.write(), "UPDATE posts SET comments = 40, likes = 2 WHERE id = $1", values).await.expect("touched");
    let report = reconcile().await;
    let drift: Vec<(&str, u64, u64)> =
        report.checks.iter().map(|check| (check.name.as_str(), check.drift, check.repaired)).collect();
    assert_eq!(drift, [("post_copies", 2, 2), ("author_copies", 1, 1), ("counts", 1, 1)]);
    assert_eq!(reconcile().await.drift(), 0);
    content.heard(&renamed.post_id, 1, 0).await;
    assert_eq!(list(&content.client, &renamed).await.items[0].author_name, "Somebody else");
    content.client.get(&format!("/api/comments/post/{}", lost.post_id)).await.problem(404);
}
