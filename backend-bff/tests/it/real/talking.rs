//! Comments, likes, bookmarks.

use contracts::{
    content::CommentSettings,
    module::Role,
    pages::{AdminCommentsPage, BookmarksPage, CommentView, Comments, MyCommentsPage, PostListPage, PostPage},
};
use http::{Method, Request, header};

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
    assert_eq!(location, format!("/posts/talk?comment={0}#comment-{0}", first.id));
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
    let signed_out = guest.post("/forms/comments", &on).await.problem(401);
    assert_eq!(
        (&*signed_out.code, signed_out.errors.len()),
        ("unauthenticated", 0),
        "a member's form has no such fields"
    );
    let unnamed = [&on[..], &[("name", ""), ("password", "open sesame")]].concat();
    let refused = guest.post("/forms/comments", &unnamed).await.problem(422);
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
async fn a_long_talk_is_followed_to_the_page_of_a_comment() {
    let hall = Hall::open().await;
    let mut author = hall.member("writer", Role::Author).await;
    author.publish("Talk", &[]).await;
    author.publish("Elsewhere", &[]).await;
    let mut admin = hall.member("keeper", Role::Admin).await;
    let mut reader = hall.member("reader", Role::User).await;
    let post: PostPage = reader.page("/post/talk").await;
    let write =
        |content: &str| [("post", post.id.clone()), ("slug", "talk".to_owned()), ("content", content.to_owned())];
    let mut ids = Vec::new();
    for n in 1..=104 {
        let fields = write(&format!("Word {n}."));
        let (location, _) =
            admin.done("/forms/comments", &fields.each_ref().map(|(name, value)| (*name, &**value))).await;
        ids.push(location.rsplit("#comment-").next().expect("an id").to_owned());
    }
    let fields = write("The last word.");
    let (location, _) = reader.done("/forms/comments", &fields.each_ref().map(|(name, value)| (*name, &**value))).await;
    let last = comments_at(&mut reader, location.strip_prefix("/posts/talk").expect("the post")).await;
    assert_eq!((last.page, last.threads, last.items.len()), (6, 105, 5));
    assert_eq!(last.items[4].source.as_deref(), Some("The last word."));

    let (id, on) = (last.items[4].id.clone(), [("post", post.id.as_str()), ("slug", "talk"), ("comments", "6")]);
    let reply = [&on[..], &[("parent", id.as_str()), ("content", "Not quite.")]].concat();
    let (location, _) = author.done("/forms/comments", &reply).await;
    let reply = location.strip_prefix("/posts/talk?comments=6#comment-").expect("the page of its form").to_owned();
    let mut guest = hall.guest();
    for (id, page) in [(&reply, 6), (&ids[100], 6), (&ids[99], 5), (&ids[20], 2), (&ids[19], 1)] {
        let found = comments_at(&mut guest, &format!("?comment={id}")).await;
        assert_eq!((found.page, found.items.iter().any(|one| one.id == *id)), (page, true), "{id}");
    }
    let other: PostPage = guest.page(&format!("/post/elsewhere?comment={id}")).await;
    assert_eq!((other.comments.page, other.missing), (1, Vec::new()), "it stands below another post");
    assert_eq!(comments_at(&mut guest, "?comment=nonsense").await.page, 1);

    let edit = format!("/forms/comments/{id}/edit");
    let changed = [&on[1..], &[("content", "The very last.")]].concat();
    assert_eq!(reader.done(&edit, &changed).await.0, format!("/posts/talk?comments=6#comment-{id}"));
    guest.script = false;
    let sent = guest.post(&format!("/forms/bookmarks/{}", post.id), &on).await;
    assert_eq!(sent.header("location"), "/login?next=%2Fposts%2Ftalk%3Fcomments%3D6");
}

/// The comments of the post, with this query.
async fn comments_at(browser: &mut Browser, query: &str) -> Comments {
    let query = query.split('#').next().unwrap_or_default();
    browser.page::<PostPage>(&format!("/post/talk{query}")).await.comments
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_only_members_write_guests_are_asked_to_sign_in() {
    let hall = Hall::open().await;
    hall.member("writer", Role::Author).await.publish("Talk", &[]).await;
    let mut admin = hall.member("keeper", Role::Admin).await;
    let mut guest = hall.guest();
    let open = comments_at(&mut guest, "").await;
    assert!(open.open && !open.sign_in);
    let mut settings: CommentSettings = admin.get("/api/comments/settings").await.json();
    settings.guests_allowed = false;
    let change = Request::builder()
        .method(Method::PUT)
        .uri("/api/comments/settings")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/json");
    let saved = admin.send(change, serde_json::to_vec(&settings).expect("JSON").into()).await;
    assert_eq!(saved.status, 200, "{}", saved.text());

    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    while !comments_at(&mut guest, "").await.sign_in {
        assert!(tokio::time::Instant::now() < deadline, "guests are not asked to sign in");
    }
    assert!(!comments_at(&mut guest, "").await.open);
    let theirs = comments_at(&mut admin, "").await;
    assert!(theirs.open && !theirs.sign_in);
    let post: PostPage = guest.page("/post/talk").await;
    let on = [("post", post.id.as_str()), ("slug", "talk"), ("content", "Hello."), ("name", "Passer-by")];
    let refused = guest.post("/forms/comments", &[&on[..], &[("password", "open sesame")]].concat()).await;
    assert_eq!(refused.problem(401).code, "unauthenticated");
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
