//! What a post was, and getting it back.

use contracts::{
    blog::{
        DiffKind, InternalPosts, Paged, Post, PostInput, PostStatus, RestoreInput, Revision, RevisionDiff, RevisionText,
    },
    module::Role,
};
use kit::{
    clock,
    db::sql,
    testing::{Backend, Client, TestDb, eventually},
};

use crate::support::{Blog, change, public, write};

kit::on_both_databases!(
    every_text_that_was_replaced_is_kept,
    two_states_are_compared,
    an_old_text_comes_back,
    revisions_are_for_who_may_edit,
    images_of_what_is_kept_are_used,
    images_of_what_is_kept_are_noted_by_themselves,
    only_so_many_are_kept,
);

async fn revisions(client: &Client) -> Vec<Revision> {
    client.get("/api/posts/hello/revisions").await.json::<Paged<Revision>>(200).items
}

fn text(content: &str) -> PostInput {
    PostInput { content: content.into(), tags: vec!["Rust".into()], ..public("Hello") }
}

async fn every_text_that_was_replaced_is_kept(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let first = write(&author, &text("One.")).await;
    assert!(revisions(&author).await.is_empty());
    let second = change(&author, &first, text("Two.")).await;
    // Only the status changes: what it says is the same.
    let hidden = change(&author, &second, PostInput { status: Some(PostStatus::Private), ..text("Two.") }).await;
    blog.shared.advance(time::Duration::minutes(1));
    change(&blog.admin(), &hidden, PostInput { title: "Hello!".into(), ..text("Two.") }).await;

    let kept = revisions(&author).await;
    assert_eq!(kept.iter().map(|it| it.version).collect::<Vec<_>>(), [3, 1]);
    assert_eq!(
        (kept[1].title.as_str(), kept[1].length, kept[1].editor_name.as_deref()),
        ("Hello", 4, Some("Name of author"))
    );
    assert_eq!(clock::parse_rfc3339(&kept[1].created_at), clock::parse_rfc3339(&first.summary.updated_at));
    let whole: RevisionText = author.get(&format!("/api/posts/hello/revisions/{}", kept[1].id)).await.json(200);
    assert_eq!((whole.content.as_str(), whole.tags), ("One.", vec!["Rust".to_owned()]));
    author.get("/api/posts/hello/revisions/nothing").await.problem(404);
    let page: Paged<Revision> = author.get("/api/posts/hello/revisions?size=1&page=2").await.json(200);
    assert_eq!((page.total, page.items[0].version), (2, 1));
}

async fn two_states_are_compared(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let first = write(&author, &text("Same.\n\nThe brown fox.\n")).await;
    let second = change(&author, &first, text("Same.\n\nThe red fox.\n")).await;
    change(&author, &second, PostInput { title: "Hi".into(), tags: vec![], ..text("Same.\n\nThe red fox.\nMore.\n") })
        .await;
    let kept = revisions(&author).await;
    let diff: RevisionDiff =
        author.get(&format!("/api/posts/hello/revisions/diff?from={}", kept[1].id)).await.json(200);
    assert_eq!((diff.from.version, diff.to.version, diff.to.id.as_str()), (1, 3, ""));
    let fields: Vec<_> =
        diff.fields.iter().map(|it| (it.field.as_str(), it.before.as_str(), it.after.as_str())).collect();
    assert_eq!(fields, [("title", "Hello", "Hi"), ("tags", "Rust", "")]);
    assert_eq!((diff.added, diff.removed, diff.hunks.len()), (2, 1, 1));
    let removed = diff.hunks[0].lines.iter().find(|line| line.kind == DiffKind::Removed).expect("a removed line");
    let changed: Vec<&str> = removed.parts.iter().filter(|it| it.changed).map(|it| it.text.as_str()).collect();
    assert_eq!((changed, removed.old_line), (vec!["brown"], Some(3)));

    let path = format!("/api/posts/hello/revisions/diff?from={}&to={}", kept[1].id, kept[0].id);
    let diff: RevisionDiff = author.get(&path).await.json(200);
    assert_eq!((diff.added, diff.removed, diff.fields.len()), (1, 1, 0));
    author.get("/api/posts/hello/revisions/diff?from=nothing").await.problem(404);
    assert_eq!(author.get("/api/posts/hello/revisions/diff").await.problem(400).errors[0].field, "from");
}

async fn an_old_text_comes_back(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let first = write(&author, &PostInput { excerpt: Some("Mine".into()), ..text("One.") }).await;
    let cover = PostInput { cover: Some("/media/x.png".into()), slug: Some("hello".into()), ..public("Other") };
    change(&author, &first, cover).await;
    let kept = revisions(&author).await;
    let restore = format!("/api/posts/hello/revisions/{}/restore", kept[0].id);
    let stale = author.post(&restore, &RestoreInput { version: 1 }).await;
    assert_eq!(stale.json::<serde_json::Value>(409)["current"]["title"], "Other");
    let back: Post = author.post(&restore, &RestoreInput { version: 2 }).await.json(200);
    assert_eq!(
        (back.summary.title.as_str(), back.content.as_deref(), back.summary.version),
        ("Hello", Some("One."), 3)
    );
    assert_eq!((back.written_excerpt.as_deref(), back.summary.cover.as_deref()), (Some("Mine"), None));
    assert_eq!((back.summary.tags[0].name.as_str(), back.summary.status), ("Rust", PostStatus::Public));
    // What was replaced can come back as well.
    assert_eq!(revisions(&author).await[0].title, "Other");
}

async fn revisions_are_for_who_may_edit(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let post = write(&author, &text("One.")).await;
    change(&author, &post, text("Two.")).await;
    let id = revisions(&author).await[0].id.clone();
    let other = blog.user("other", Role::Author);
    for path in [
        "/api/posts/hello/revisions".to_owned(),
        format!("/api/posts/hello/revisions/{id}"),
        format!("/api/posts/hello/revisions/diff?from={id}"),
    ] {
        blog.client.get(&path).await.problem(401);
        other.get(&path).await.problem(403);
        blog.user("reader", Role::User).get(&path).await.problem(403);
        assert_eq!(blog.admin().get(&path).await.status, 200);
    }
    other.post(&format!("/api/posts/hello/revisions/{id}/restore"), &RestoreInput { version: 2 }).await.problem(403);
    // A revision of one post is none of another.
    let mine = write(&other, &public("Mine")).await;
    other.get(&format!("/api/posts/{}/revisions/{id}", mine.summary.slug)).await.problem(404);
}

/// Images of the only post, as other services are told of them.
async fn used(blog: &Blog) -> Vec<String> {
    let mut page: InternalPosts = blog.client.service().get("/internal/posts").await.json(200);
    page.items.remove(0).images
}

async fn images_of_what_is_kept_are_used(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let input = PostInput { cover: Some("/media/cover.png".into()), ..text("![x](/media/a.png)") };
    let first = write(&author, &input).await;
    let second = change(&author, &first, PostInput { cover: Some(String::new()), ..text("![x](/media/b.png)") }).await;
    let third = change(&author, &second, text("None.")).await;
    let kept = ["/media/b.png", "/media/cover.png", "/media/a.png"];
    assert_eq!(used(&blog).await, kept);
    // As after an update from a version that noted nothing, or after a restore: whoever asks first, and whoever writes.
    let db = blog.db.connect().await;
    let forget = async || sql::execute(db.write(), "DELETE FROM revision_images", []).await.expect("forgotten");
    assert_eq!(forget().await, 2);
    assert_eq!(used(&blog).await, kept);
    assert_eq!(forget().await, 2);
    change(&author, &third, text("![x](/media/c.png)")).await;
    let told = blog.told(&first.summary.id).await;
    let (_, data) = told.last().expect("the last change");
    let expected = ["/media/c.png", "/media/b.png", "/media/cover.png", "/media/a.png"];
    assert_eq!(data["post"]["images"], serde_json::json!(expected));
}

/// More than are read at once, of two posts.
async fn images_of_what_is_kept_are_noted_by_themselves(backend: Backend) {
    let blog = Blog::start_on(TestDb::new(backend).await).await;
    let author = blog.author();
    for (title, changes) in [("Hello", 25), ("Other", 20)] {
        let input = |n: u32| PostInput { content: format!("![x](/media/{n}.png)"), ..public(title) };
        let mut post = write(&author, &input(0)).await;
        for n in 1..=changes {
            post = change(&author, &post, input(n)).await;
        }
    }
    blog.shared.shared.shutdown.cancel();
    let Blog { db, shared, .. } = blog;
    drop(shared);
    let rows = db.connect().await;
    let forgotten = sql::execute(rows.write(), "DELETE FROM revision_images", []).await.expect("forgotten");
    assert_eq!(forgotten, 45);

    let blog = Blog::start_on(db).await;
    // By the service itself; nobody asks.
    eventually("the notes", async || {
        let noted = "SELECT COUNT(*) AS n FROM revision_images WHERE images LIKE '[\"/media/%.png\"]'";
        (sql::number(rows.read(), noted, []).await.expect("a number") == 45).then_some(())
    })
    .await;
    rows.close().await.expect("closed");
    let page: InternalPosts = blog.client.service().get("/internal/posts").await.json(200);
    assert_eq!(page.items.iter().map(|post| post.images.len()).collect::<Vec<_>>(), [26, 21]);
}

async fn only_so_many_are_kept(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let mut post = write(&author, &text("![x](/media/x.png)")).await;
    for n in 1..=105 {
        post = change(&author, &post, text(&n.to_string())).await;
        match n {
            100 => assert_eq!(used(&blog).await, ["/media/x.png"]),
            101 => assert_eq!(used(&blog).await, [""; 0]),
            _ => {}
        }
    }
    let page: Paged<Revision> = author.get("/api/posts/hello/revisions?size=100").await.json(200);
    assert_eq!((page.total, page.items[0].version, page.items[99].version), (100, 105, 6));
}
