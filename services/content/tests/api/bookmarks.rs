//! Bookmarks.

use contracts::{
    blog::PostStatus,
    content::{Bookmark, BookmarkStatus, Bookmarks},
    events::PostUpdated,
};
use kit::testing::Backend;

use crate::support::{Content, act};

kit::on_both_databases!(bookmarks_are_kept_in_order, bookmarks_are_for_users_and_for_what_they_see);

async fn bookmarks_are_kept_in_order(backend: Backend) {
    let content = Content::start(backend).await;
    let reader = content.reader("a");
    let mut ids = Vec::new();
    for _ in 0..3 {
        let id = content.post().post_id;
        content.shared.advance(time::Duration::minutes(1));
        let reader = content.reader("a");
        act(&reader, &format!("/api/bookmarks/{id}")).await.json::<Bookmark>(201);
        let again = act(&reader, &format!("/api/bookmarks/{id}")).await;
        assert_eq!(again.json::<Bookmark>(200).post_id, id);
        ids.insert(0, id);
    }
    let all: Bookmarks = reader.get("/api/bookmarks").await.json(200);
    assert_eq!((all.items.iter().map(|item| &item.post_id).collect::<Vec<_>>(), all.total), (ids.iter().collect(), 3));
    let second: Bookmarks = reader.get("/api/bookmarks?page=2&size=2").await.json(200);
    assert_eq!((second.items.len(), second.items[0].post_id.as_str()), (1, ids[2].as_str()));
    for _ in 0..2 {
        assert_eq!(reader.delete(&format!("/api/bookmarks/{}", ids[0])).await.status, 204);
    }
    let status: BookmarkStatus = reader.get(&format!("/api/bookmarks/{}/status", ids[0])).await.json(200);
    assert!(!status.bookmarked);
    let status: BookmarkStatus = reader.get(&format!("/api/bookmarks/{}/status", ids[1])).await.json(200);
    assert!(status.bookmarked);
    let other: Bookmarks = content.reader("b").get("/api/bookmarks").await.json(200);
    assert_eq!(other, Bookmarks::default());
}

async fn bookmarks_are_for_users_and_for_what_they_see(backend: Backend) {
    let content = Content::start(backend).await;
    let mut post = content.post();
    let url = format!("/api/bookmarks/{}", post.post_id);
    act(&content.client, &url).await.problem(401);
    content.client.get("/api/bookmarks").await.problem(401);
    content.client.delete(&url).await.problem(401);
    let hidden = content.others.post("author", PostStatus::Draft).post_id;
    act(&content.reader("a"), &format!("/api/bookmarks/{hidden}")).await.problem(404);
    act(&content.reader("a"), "/api/bookmarks/nonsense").await.problem(404);
    act(&content.reader("a"), &url).await.json::<Bookmark>(201);
    // What is private now is not listed, and there again when it is public again.
    for (status, count) in [(PostStatus::Private, 0), (PostStatus::Public, 1)] {
        post.status = status;
        content.tell(&post.post_id, PostUpdated { post: post.clone(), old_slug: None }).await;
        let list: Bookmarks = content.reader("a").get("/api/bookmarks").await.json(200);
        assert_eq!((list.items.len(), list.total), (count, u32::try_from(count).expect("small")));
    }
}
