//! Working copies.

use contracts::{
    blog::{Draft, DraftInput, DraftSummary, Paged, Post, PostInput, PostStatus, PublishInput, Revision},
    module::Role,
};
use kit::{
    db::sql,
    testing::{Answer, Backend, Client, eventually},
};
use time::Duration;

use crate::support::{Blog, change, public, titles, write};

kit::on_both_databases!(
    a_draft_is_saved_often_and_published,
    a_stale_save_is_a_conflict_with_both,
    what_is_saved_meanwhile_is_not_lost,
    a_public_post_is_changed_without_showing_it,
    a_draft_is_published_at_a_time,
    images_of_drafts_are_told,
    drafts_are_their_authors,
    odd_drafts_are_refused,
);

fn draft(title: &str, content: &str) -> DraftInput {
    DraftInput { title: title.into(), content: content.into(), ..DraftInput::default() }
}

fn of(post: &str) -> DraftInput {
    DraftInput { post: Some(post.into()), ..DraftInput::default() }
}

async fn save(author: &Client, draft: &Draft, input: DraftInput) -> Draft {
    let input = DraftInput { version: Some(draft.summary.version), ..input };
    author.put(&format!("/api/drafts/{}", draft.summary.id), &input).await.json(200)
}

fn publish(draft: &Draft) -> String {
    format!("/api/drafts/{}/publish", draft.summary.id)
}

async fn a_draft_is_saved_often_and_published(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    // Nothing need be there yet.
    let answer = author.post("/api/drafts", &DraftInput::default()).await;
    let mut saved: Draft = answer.json(201);
    assert_eq!(answer.headers["location"], format!("/api/drafts/{}", saved.summary.id));
    for n in 1..=5 {
        let input = DraftInput { tags: vec!["Rust".into()], ..draft("My *title*", &format!("Text {n}")) };
        saved = save(&author, &saved, input).await;
    }
    assert_eq!((saved.summary.version, saved.content.as_str()), (6, "Text 5"));
    assert_eq!(titles(&author, "/api/posts?status=ALL").await, Vec::<String>::new());
    let answer = author.post(&publish(&saved), &PublishInput::default()).await;
    let post: Post = answer.json(201);
    assert_eq!(answer.headers["location"], "/api/posts/my-title");
    assert_eq!((post.summary.status, post.html.trim()), (PostStatus::Public, "<p>Text 5</p>"));
    author.get(&format!("/api/drafts/{}", saved.summary.id)).await.problem(404);
    author.post(&publish(&saved), &PublishInput::default()).await.problem(404);
    assert_eq!(blog.kinds(&post.summary.id).await, ["post.created", "post.published"]);
}

async fn a_stale_save_is_a_conflict_with_both(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let first: Draft = author.post("/api/drafts", &draft("T", "one")).await.json(201);
    let path = format!("/api/drafts/{}", first.summary.id);
    save(&author, &first, draft("T", "here")).await;
    let answer = author.put(&path, &DraftInput { version: Some(1), ..draft("T", "there") }).await;
    assert_eq!(answer.problem(409).code, "stale_version");
    let body: serde_json::Value = answer.json(409);
    assert_eq!((body["current"]["content"].as_str(), body["current"]["version"].as_u64()), (Some("here"), Some(2)));
    let stale = PublishInput { version: Some(1), ..PublishInput::default() };
    assert_eq!(author.post(&publish(&first), &stale).await.problem(409).code, "stale_version");
    author.delete(&format!("{path}?version=1")).await.problem(409);
    // At once from two windows: one of them is told.
    let input = DraftInput { version: Some(2), ..draft("T", "again") };
    let (one, other) = tokio::join!(author.put(&path, &input), author.put(&path, &input));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(author.delete(&format!("{path}?version=3")).await.status, 204);
}

/// What `removal` answers when it meets a save that is about to be committed.
async fn beside_a_save(blog: &Blog, backend: Backend, id: &str, removal: impl Future<Output = Answer>) -> Answer {
    let db = blog.db.connect().await;
    let tx = db.begin().await.expect("a transaction");
    let save = "UPDATE drafts SET version = version + 1, content = content || '!' WHERE id = $1";
    assert_eq!(sql::execute(&tx, save, [id.into()]).await.expect("saved"), 1);
    let commit = async {
        // On SQLite the removal begins after the save.
        if backend == Backend::Postgres {
            let waiting = "SELECT COUNT(*) AS n FROM pg_stat_activity WHERE datname = current_database()
                AND wait_event_type = 'Lock' AND query LIKE 'DELETE FROM drafts%'";
            eventually("a removal that read the draft as it was", || async {
                (sql::number(db.read(), waiting, []).await.expect("a number") > 0).then_some(())
            })
            .await;
        }
        tx.commit().await.expect("committed");
    };
    let (answer, ()) = tokio::join!(removal, commit);
    db.close().await.expect("closed");
    answer
}

async fn what_is_saved_meanwhile_is_not_lost(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let first: Draft = author.post("/api/drafts", &draft("T", "text")).await.json(201);
    let (id, to_publish) = (first.summary.id.clone(), publish(&first));
    let input = PublishInput { version: Some(1), ..PublishInput::default() };
    let answer = beside_a_save(&blog, backend, &id, author.post(&to_publish, &input)).await;
    assert_eq!(answer.problem(409).code, "stale_version");
    assert_eq!(answer.json::<serde_json::Value>(409)["current"]["content"], "text!");
    let path = format!("/api/drafts/{id}?version=2");
    let answer = beside_a_save(&blog, backend, &id, author.delete(&path)).await;
    assert_eq!(answer.json::<serde_json::Value>(409)["current"]["content"], "text!!");
    let kept: Draft = author.get(&format!("/api/drafts/{id}")).await.json(200);
    assert_eq!((kept.content.as_str(), kept.summary.version), ("text!!", 3));
    assert_eq!(titles(&author, "/api/posts?status=ALL").await, Vec::<String>::new());
}

async fn a_public_post_is_changed_without_showing_it(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let input = PostInput { excerpt: Some("Mine".into()), cover: Some("/media/x.png".into()), ..public("Hello") };
    let post = write(&author, &input).await;
    let started: Draft = author.post("/api/drafts", &of("hello")).await.json(201);
    assert_eq!((started.content.as_str(), started.excerpt.as_deref()), ("Some *text*.", Some("Mine")));
    assert_eq!((started.summary.post_slug.as_deref(), started.summary.post_version), (Some("hello"), Some(1)));
    // Another window gets the same.
    let again: Draft = author.post("/api/drafts", &of("hello")).await.json(200);
    assert_eq!(again.summary.id, started.summary.id);
    let saved = save(&author, &started, DraftInput { slug: Some("hello".into()), ..draft("Hello", "New text.") }).await;
    let shown: Post = blog.client.get("/api/posts/hello").await.json(200);
    assert_eq!(shown.html.trim(), "<p>Some <em>text</em>.</p>");
    let listed: Paged<DraftSummary> = author.get("/api/drafts?post=hello").await.json(200);
    assert_eq!(listed.total, 1);

    // The post changed meanwhile: both are shown, and nothing is lost.
    change(&author, &post, public("Changed meanwhile")).await;
    let answer = author.post(&publish(&saved), &PublishInput::default()).await;
    assert_eq!(answer.json::<serde_json::Value>(409)["current"]["title"], "Changed meanwhile");
    let anyway = PublishInput { post_version: Some(2), ..PublishInput::default() };
    let published: Post = author.post(&publish(&saved), &anyway).await.json(200);
    assert_eq!((published.summary.title.as_str(), published.html.trim()), ("Hello", "<p>New text.</p>"));
    // The draft is the whole post: it had no cover.
    assert_eq!((published.summary.cover, published.summary.version), (None, 3));
    let kept: Paged<Revision> = author.get("/api/posts/hello/revisions").await.json(200);
    assert_eq!(kept.total, 2);
    // A draft of a post that is purged goes with it.
    let started: Draft = author.post("/api/drafts", &of("hello")).await.json(201);
    author.delete("/api/posts/hello").await;
    assert_eq!(author.post(&publish(&started), &PublishInput::default()).await.problem(409).code, "in_trash");
    author.delete("/api/posts/hello?purge=true").await;
    author.get(&format!("/api/drafts/{}", started.summary.id)).await.problem(404);
}

async fn a_draft_is_published_at_a_time(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let at = kit::clock::rfc3339(blog.shared.shared.clock.millis() + 600_000);
    let later = PublishInput { at: Some(at.clone()), ..PublishInput::default() };
    let saved: Draft = author.post("/api/drafts", &draft("Later", "x")).await.json(201);
    let post: Post = author.post(&publish(&saved), &later).await.json(201);
    assert_eq!((post.summary.status, post.summary.scheduled_at.as_deref()), (PostStatus::Scheduled, Some(at.as_str())));
    let past = PublishInput { at: Some("2020-01-01T00:00:00Z".into()), ..PublishInput::default() };
    let saved: Draft = author.post("/api/drafts", &draft("Odd", "x")).await.json(201);
    assert_eq!(author.post(&publish(&saved), &past).await.field_error(), ("scheduled_at".into(), "past".into()));
    let both = PublishInput { status: Some(PostStatus::Private), ..later.clone() };
    assert_eq!(author.post(&publish(&saved), &both).await.field_error().0, "at");
    let private = PublishInput { status: Some(PostStatus::Private), ..PublishInput::default() };
    let hidden: Post = author.post(&publish(&saved), &private).await.json(201);
    assert_eq!(hidden.summary.status, PostStatus::Private);
    // Readers see it already: it cannot become public later.
    write(&author, &public("Public")).await;
    let saved: Draft = author.post("/api/drafts", &of("public")).await.json(201);
    assert_eq!(author.post(&publish(&saved), &later).await.field_error(), ("at".into(), "invalid".into()));
    blog.shared.advance(Duration::minutes(11));
    blog.upkeep().await.publish_due().await.expect("looked");
    blog.client.get("/api/posts/later").await.json::<Post>(200);
}

async fn images_of_drafts_are_told(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let first: Draft = author.post("/api/drafts", &draft("T", "![a](/media/a.png)")).await.json(201);
    let id = first.summary.id.clone();
    let second = save(&author, &first, draft("T", "![a](/media/a.png) and words")).await;
    let third = save(&author, &second, draft("T", "![b](/media/b.png)")).await;
    let post: Post = author.post(&publish(&third), &PublishInput::default()).await.json(201);
    let told: Vec<String> = blog.told(&id).await.into_iter().map(|(_, data)| data["images"].to_string()).collect();
    assert_eq!(told, [r#"["/media/a.png"]"#, r#"["/media/b.png"]"#, "[]"]);
    // With the post that they change, drafts go too.
    let again: Draft = author.post("/api/drafts", &of(&post.summary.slug)).await.json(201);
    author.delete("/api/posts/t").await;
    author.delete("/api/posts/t?purge=true").await;
    assert_eq!(blog.kinds(&again.summary.id).await, ["images.used", "images.used"]);
}

async fn drafts_are_their_authors(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let mine: Draft = author.post("/api/drafts", &draft("Mine", "x")).await.json(201);
    write(&author, &public("Hello")).await;
    let path = format!("/api/drafts/{}", mine.summary.id);
    let other = blog.user("other", Role::Author);
    other.get(&path).await.problem(404);
    other.put(&path, &DraftInput { version: Some(1), ..draft("x", "x") }).await.problem(404);
    other.delete(&path).await.problem(404);
    other.post(&publish(&mine), &PublishInput::default()).await.problem(404);
    other.post("/api/drafts", &of("hello")).await.problem(403);
    blog.user("reader", Role::User).get("/api/drafts").await.problem(403);
    blog.client.post("/api/drafts", &DraftInput::default()).await.problem(401);
    other.get("/api/drafts?author=author").await.problem(403);
    let none: Paged<DraftSummary> = other.get("/api/drafts").await.json(200);
    assert_eq!(none.total, 0);
    let all: Paged<DraftSummary> = blog.admin().get("/api/drafts?author=all").await.json(200);
    assert_eq!((all.total, all.items[0].author_name.as_str()), (1, "Name of author"));
    blog.admin().get(&path).await.json::<Draft>(200);
}

async fn odd_drafts_are_refused(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let cases = [
        (draft(&"x".repeat(201), ""), "title"),
        (draft("", &"x".repeat(500_001)), "content"),
        (DraftInput { cover: Some("javascript:x".into()), ..draft("x", "") }, "cover"),
        (DraftInput { canonical: Some("nowhere".into()), ..draft("x", "") }, "canonical"),
        (DraftInput { tags: vec!["🦀".into()], ..draft("x", "") }, "tags"),
        (of("nothing"), "post"),
    ];
    for (input, field) in cases {
        assert_eq!(author.post("/api/drafts", &input).await.field_error().0, field);
    }
    let saved: Draft = author.post("/api/drafts", &DraftInput::default()).await.json(201);
    let path = format!("/api/drafts/{}", saved.summary.id);
    assert_eq!(author.put(&path, &DraftInput::default()).await.field_error().0, "version");
    assert_eq!(author.put(&path, &DraftInput { version: Some(1), ..of("x") }).await.field_error().0, "post");
    // What may be missing in a draft may not in a post.
    assert_eq!(
        author.post(&publish(&saved), &PublishInput::default()).await.field_error(),
        ("title".into(), "required".into())
    );
    author.get("/api/drafts?size=0").await.problem(400);
    author.get("/api/drafts/nothing").await.problem(404);
}
