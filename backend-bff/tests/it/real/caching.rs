//! What is kept for everybody goes as soon as something of it changes.

use std::time::Duration;

use contracts::{cache::CacheStatus, module::Role, pages::AdminPostEditPage};
use http::{Request, header};

use super::Hall;
use crate::site::Browser;

/// Reads the pages until they are kept: what changed before may still be on its way.
async fn keep(guest: &mut Browser, admin: &mut Browser, paths: &[&str]) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    loop {
        let before: CacheStatus = admin.get("/api/cache").await.json();
        for path in paths {
            for _ in 0..2 {
                assert_eq!(guest.get(path).await.status, 200, "{path}");
            }
        }
        let after: CacheStatus = admin.get("/api/cache").await.json();
        if after.hits >= before.hits + paths.len() as u64 {
            return;
        }
        assert!(tokio::time::Instant::now() < deadline, "{paths:?} are not kept: {before:?} {after:?}");
    }
}

/// Reads a page until it is so, at most ten seconds.
async fn until(guest: &mut Browser, path: &str, so: impl Fn(u16, &str) -> bool) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    loop {
        let reply = guest.get(path).await;
        if so(reply.status.as_u16(), reply.text()) {
            return;
        }
        assert!(tokio::time::Instant::now() < deadline, "{path} did not come to be so: {}", reply.text());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_becomes_of_a_post_is_seen_on_every_page_of_it() {
    let hall = Hall::open().await;
    let (mut author, mut admin) = (hall.member("writer", Role::Author).await, hall.member("keeper", Role::Admin).await);
    let mut guest = hall.guest();
    author.publish("First", &[]).await;
    let pages = ["/good/post/first", "/good/read/home", "/good/read/posts", "/feed.xml", "/sitemap.xml"];
    until(&mut guest, "/good/read/home", |_, text| text.contains("First")).await;
    keep(&mut guest, &mut admin, &pages).await;

    author.publish("Second", &[]).await;
    for path in &pages[1..4] {
        until(&mut guest, path, |_, text| text.contains("Second")).await;
    }
    until(&mut guest, "/good/post/first", |_, text| text.contains("\"slug\":\"second\"")).await;
    keep(&mut guest, &mut admin, &pages).await;

    let page: AdminPostEditPage = author.page("/admin/posts/edit/first").await;
    let version = page.post.expect("a post").version.to_string();
    let edit = [("title", "Rewritten"), ("content", "Other words."), ("version", &version)];
    assert_eq!(author.done("/forms/posts/first", &edit).await.1, "post_saved");
    for path in &pages[..4] {
        until(&mut guest, path, |_, text| text.contains("Rewritten")).await;
    }
    until(&mut guest, "/good/post/first", |_, text| text.contains("Other words.")).await;
    keep(&mut guest, &mut admin, &pages).await;

    let page: AdminPostEditPage = author.page("/admin/posts/edit/first").await;
    let version = page.post.expect("a post").version.to_string();
    assert_eq!(author.done("/forms/posts/first/delete", &[("version", &version)]).await.1, "post_deleted");
    until(&mut guest, "/good/post/first", |status, _| status == 404).await;
    for path in &pages[1..] {
        until(&mut guest, path, |_, text| !text.contains("Rewritten") && !text.contains("/first<")).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_below_a_post_is_seen_and_counted() {
    let hall = Hall::open().await;
    let (mut author, mut admin) = (hall.member("writer", Role::Author).await, hall.member("keeper", Role::Admin).await);
    let mut guest = hall.guest();
    let slug = author.publish("Talk", &[]).await;
    let (page, list) = (format!("/good/post/{slug}"), "/good/read/posts");
    until(&mut guest, list, |_, text| text.contains("Talk")).await;
    keep(&mut guest, &mut admin, &[&page, list]).await;
    let post: contracts::pages::PostPage = author.page(&format!("/post/{slug}")).await;
    let comment = [("post", post.id.as_str()), ("slug", &slug), ("content", "Well said, indeed.")];
    assert_eq!(admin.done("/forms/comments", &comment).await.1, "comment_posted");
    until(&mut guest, &page, |_, text| text.contains("Well said, indeed.") && text.contains("\"comments\":1}")).await;
    until(&mut guest, list, |_, text| text.contains("\"comments\":1")).await;

    keep(&mut guest, &mut admin, &[&page]).await;
    let talk: contracts::pages::PostPage = admin.page(&format!("/post/{slug}")).await;
    let edit = format!("/forms/comments/{}/edit", talk.comments.items[0].id);
    assert_eq!(admin.done(&edit, &[("slug", &slug), ("content", "Said otherwise.")]).await.1, "comment_saved");
    until(&mut guest, &page, |_, text| text.contains("Said otherwise.") && !text.contains("Well said")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_name_is_shown_everywhere() {
    let hall = Hall::open().await;
    let (mut author, mut admin) = (hall.member("writer", Role::Author).await, hall.member("keeper", Role::Admin).await);
    let mut guest = hall.guest();
    author.publish("Named", &[]).await;
    let pages = ["/good/post/named", "/good/read/posts", "/good/read/home", "/feed.xml"];
    until(&mut guest, pages[1], |_, text| text.contains("writer")).await;
    keep(&mut guest, &mut admin, &pages).await;
    author.done("/forms/settings", &[("name", "Somebody Else")]).await;
    for path in pages {
        until(&mut guest, path, |_, text| text.contains("Somebody Else") && !text.contains("writer")).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notices_and_pages_are_shown_at_once() {
    let hall = Hall::open().await;
    let mut admin = hall.member("keeper", Role::Admin).await;
    let mut guest = hall.guest();
    let pages = ["/good/read/notices", "/good/read/home"];
    keep(&mut guest, &mut admin, &pages).await;
    let fields =
        [("title", "Hear hear"), ("slug", "hear"), ("kind", "NOTICE"), ("content", "x"), ("status", "PUBLISHED")];
    assert_eq!(admin.done("/forms/pages", &fields).await.1, "page_saved");
    for path in pages {
        until(&mut guest, path, |_, text| text.contains("Hear hear")).await;
    }

    keep(&mut guest, &mut admin, &pages[1..]).await;
    let about = [("title", "All about"), ("kind", "STATIC"), ("content", "x"), ("status", "PUBLISHED")];
    assert_eq!(admin.done("/forms/pages", &about).await.1, "page_saved");
    until(&mut guest, pages[1], |_, text| text.contains("All about")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_members_page_stays_theirs() {
    let hall = Hall::open().await;
    let (mut author, mut admin) = (hall.member("writer", Role::Author).await, hall.member("keeper", Role::Admin).await);
    let slug = author.publish("Mine", &[]).await;
    let path = format!("/good/post/{slug}");
    let theirs = author.get(&path).await;
    assert!(theirs.text().contains("\"can_edit\":true") && theirs.text().contains("<p>writer</p>"));
    let status: CacheStatus = admin.get("/api/cache").await.json();
    assert_eq!(status.entries, 0, "nothing of it is kept");
    let mut guest = hall.guest();
    keep(&mut guest, &mut admin, &[&path]).await;
    let anybodys = guest.get(&path).await;
    assert!(anybodys.text().contains("\"can_edit\":false") && !anybodys.text().contains("<p>writer</p>"));
    assert!(author.get(&path).await.text().contains("\"can_edit\":true"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn admins_purge_it_and_others_do_not() {
    let hall = Hall::open().await;
    let (mut author, mut admin) = (hall.member("writer", Role::Author).await, hall.member("keeper", Role::Admin).await);
    let mut guest = hall.guest();
    keep(&mut guest, &mut admin, &["/good", "/good/read/home"]).await;
    guest.get("/api/cache").await.problem(401);
    author.get("/api/cache").await.problem(403);
    author.get("/api/cache/keys?tag=posts").await.problem(403);
    author.post("/forms/cache/purge", &[("all", "true")]).await.problem(403);
    let request = Request::builder().uri("/api/cache").header(header::AUTHORIZATION, "Bearer of nobody");
    guest.send(request, axum::body::Body::empty()).await.problem(401);

    let management: contracts::pages::ManagementPage = admin.page("/admin/management").await;
    assert_eq!(management.cache.entries, 2);
    admin.post("/forms/cache/purge", &[]).await.problem(422);
    let by_tag = admin.done("/forms/cache/purge", &[("tag", "posts")]).await;
    assert_eq!(by_tag, ("/admin/management".into(), "cache_purged".into()));
    let status: CacheStatus = admin.get("/api/cache").await.json();
    assert_eq!(status.entries, 1);
    admin.done("/forms/cache/purge", &[("all", "true")]).await;
    let status: CacheStatus = admin.get("/api/cache").await.json();
    assert_eq!((status.entries, status.purged), (0, 2));
}
