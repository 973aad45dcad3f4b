//! Comments, likes, bookmarks.

use contracts::{
    module::Role,
    pages::{AdminCommentsPage, BookmarksPage, CommentView, MyCommentsPage, PostListPage, PostPage},
};

use super::{Hall, until};
use crate::site::Browser;

async fn comments(browser: &mut Browser) -> Vec<CommentView> {
    browser.page::<PostPage>("/post/talk").await.comments.items
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_talk() {
    let hall = Hall::open().await;
    let mut author = hall.member("writer", Role::Author).await;
    author.publish("Talk", &[]).await;
    let mut reader = hall.member("reader", Role::User).await;
    let post: PostPage = reader.page("/post/talk").await;
    let on = [("post", post.id.as_str()), ("slug", "talk")];
    let write = |more: &[(&'static str, &'static str)]| [&on[..], more].concat();

    let (location, flash) = reader.done("/forms/comments", &write(&[("content", "A *good* one.")])).await;
    assert_eq!(flash, "comment_posted");
    let first = comments(&mut reader).await.remove(0);
    assert_eq!(location, format!("/posts/talk#comment-{}", first.id));
    assert!(first.html.contains("<em>good</em>") && first.can_edit && first.can_delete && !first.can_report);
    assert_eq!(first.source.as_deref(), Some("A *good* one."));

    let reply = [write(&[("content", "Thank you.")]), vec![("parent", first.id.as_str())]].concat();
    author.done("/forms/comments", &reply).await;
    reader.done("/forms/comments", &write(&[("content", "Between us."), ("private", "true")])).await;
    let mut guest = hall.guest();
    let seen = comments(&mut guest).await;
    assert_eq!(seen.iter().map(|one| (one.depth, one.by_author)).collect::<Vec<_>>(), [(0, false), (1, true)]);
    assert!(seen.iter().all(|one| !one.can_edit && one.can_report && one.source.is_none()));
    assert_eq!(comments(&mut author).await.len(), 3, "the post's author sees what is private");

    let edit = format!("/forms/comments/{}/edit", first.id);
    assert_eq!(reader.done(&edit, &[("slug", "talk"), ("content", "Better.")]).await.1, "comment_saved");
    author.post(&edit, &[("slug", "talk"), ("content", "Mine now.")]).await.problem(403);
    let refused = reader.post(&edit, &[("slug", "talk"), ("content", " ")]).await.problem(422);
    assert_eq!(refused.errors[0].field, "content");
    let report = format!("/forms/comments/{}/report", first.id);
    assert_eq!(author.done(&report, &[("slug", "talk"), ("reason", "SPAM")]).await.1, "comment_reported");
    author.post(&report, &[("slug", "talk"), ("reason", "BORING")]).await.problem(422);

    let mine: MyCommentsPage = reader.page("/my/comments").await;
    assert_eq!((mine.total, &*mine.items[0].post.slug), (2, "talk"));
    let delete = format!("/forms/comments/{}/delete", first.id);
    assert_eq!(
        reader.done(&delete, &[("slug", "talk")]).await,
        ("/posts/talk#comments".into(), "comment_deleted".into())
    );
    let seen = comments(&mut guest).await;
    assert_eq!(seen[0].state, "deleted", "a placeholder stays above the reply");
    let counted = |list: &PostListPage| list.items[0].comments == 1;
    until(&mut guest, "/posts", counted).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_talk_with_a_password_and_admins_decide() {
    let hall = Hall::open().await;
    hall.member("writer", Role::Author).await.publish("Talk", &[]).await;
    let mut admin = hall.member("keeper", Role::Admin).await;
    let mut guest = hall.guest();
    let post: PostPage = guest.page("/post/talk").await;
    let on = [("post", post.id.as_str()), ("slug", "talk"), ("content", "Hello from outside.")];
    let refused = guest.post("/forms/comments", &on).await.problem(422);
    assert!(refused.errors.iter().any(|error| error.field == "name"), "{:?}", refused.errors);
    let named = [&on[..], &[("name", "Passer-by"), ("password", "open sesame")]].concat();
    let (_, flash) = guest.done("/forms/comments", &named).await;
    assert_eq!(flash, "comment_held", "the first one of a guest waits");
    let own = comments(&mut guest).await;
    assert_eq!((own.len(), &*own[0].state), (1, "held"), "its writer sees it at once");
    assert!(own[0].guest && own[0].can_edit);
    assert!(comments(&mut hall.guest()).await.is_empty(), "others do not");
    assert_eq!(guest.get("/good").await.header("cache-control"), "private, no-cache");

    let queue: AdminCommentsPage = admin.page("/admin/comments?status=held").await;
    assert_eq!((queue.total, &*queue.items[0].post_slug, queue.items[0].guest), (1, "talk", true));
    let id = queue.items[0].id.clone();
    guest.post(&format!("/forms/comments/{id}/approve"), &[]).await.problem(401);
    assert_eq!(admin.done(&format!("/forms/comments/{id}/approve"), &[]).await.1, "comment_approved");
    assert_eq!(comments(&mut hall.guest()).await.len(), 1);

    let edit = format!("/forms/comments/{id}/edit");
    let changed = |password: &'static str| [("slug", "talk"), ("content", "Changed."), ("password", password)];
    let refused = guest.post(&edit, &changed("wrong")).await;
    assert!(refused.status.is_client_error(), "{}", refused.text());
    guest.done(&edit, &changed("open sesame")).await;
    let delete = format!("/forms/comments/{id}/delete");
    guest.done(&delete, &[("slug", "talk"), ("password", "open sesame")]).await;
    assert!(comments(&mut hall.guest()).await.is_empty());

    let bulk = [("ids", id.as_str()), ("action", "restore")];
    assert_eq!(admin.done("/forms/comments/bulk", &bulk).await, ("/admin/comments".into(), "changes_saved".into()));
    admin.done("/forms/comments/bulk", &[("ids", id.as_str()), ("action", "approve")]).await;
    assert_eq!(comments(&mut hall.guest()).await.len(), 1);
    assert_eq!(admin.post("/forms/comments/bulk", &[("action", "hide")]).await.problem(422).code, "nothing_chosen");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn likes_and_bookmarks_are_kept() {
    let hall = Hall::open().await;
    hall.member("writer", Role::Author).await.publish("Talk", &[]).await;
    let mut reader = hall.member("reader", Role::User).await;
    let mut guest = hall.guest();
    let post: PostPage = guest.page("/post/talk").await;
    assert_eq!((post.liked, post.bookmarked, post.card.likes), (false, false, 0));
    let like = format!("/forms/likes/{}", post.id);
    reader.done(&like, &[("slug", "talk")]).await;
    let liked: PostPage = reader.page("/post/talk").await;
    assert_eq!((liked.liked, liked.card.likes), (true, 1));
    reader.done(&like, &[("slug", "talk")]).await;
    reader.done(&like, &[("slug", "talk"), ("on", "true")]).await;
    reader.done(&like, &[("slug", "talk"), ("on", "true")]).await;
    until(&mut guest, "/post/talk", |page: &PostPage| page.card.likes == 1).await;

    let keep = format!("/forms/bookmarks/{}", post.id);
    guest.post(&keep, &[("slug", "talk")]).await.problem(401);
    guest.script = false;
    let sent = guest.post(&keep, &[("slug", "talk")]).await;
    assert_eq!((sent.status.as_u16(), sent.header("location")), (303, "/login?next=%2Fposts%2Ftalk"));
    reader.done(&keep, &[("slug", "talk"), ("on", "true")]).await;
    assert!(reader.page::<PostPage>("/post/talk").await.bookmarked);
    let kept: BookmarksPage = reader.page("/my/bookmarks").await;
    assert_eq!((kept.total, &*kept.items[0].post.slug, &*kept.items[0].post.title), (1, "talk", "Talk"));
    reader.done(&keep, &[("on", ""), ("next", "/my/bookmarks")]).await;
    assert_eq!(reader.page::<BookmarksPage>("/my/bookmarks").await.total, 0);
    guest.get("/bff/pages/my/bookmarks").await.problem(401);
}
