//! A post's life.

use contracts::blog::{Paged, Post, PostInput, PostStatus, Term};
use kit::testing::Backend;

use crate::support::{Blog, change, path, public, titles, write};

kit::on_both_databases!(
    a_post_is_written_read_changed_and_thrown_away,
    a_stale_change_is_refused,
    publication_time_stays,
    terms_count_public_posts,
    a_restart_keeps_everything,
);

async fn a_post_is_written_read_changed_and_thrown_away(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let input = PostInput {
        title: "Hello".into(),
        content: "## Part\n\nSome **text**.".into(),
        tags: vec!["Rust".into(), "웹".into()],
        status: Some(PostStatus::Public),
        ..PostInput::default()
    };
    let answer = author.post("/api/posts", &input).await;
    assert_eq!(answer.headers["location"], "/api/posts/hello");
    let post: Post = answer.json(201);
    assert_eq!((post.summary.version, post.summary.author_name.as_str()), (1, "Name of author"));

    let read: Post = blog.client.get("/api/posts/hello").await.json(200);
    assert!(read.html.contains("<strong>text</strong>"), "{}", read.html);
    assert_eq!(read.toc[0].id, "part");
    assert_eq!(read.summary.excerpt, "Some text.");
    assert_eq!(read.summary.tags.iter().map(|tag| tag.slug.as_str()).collect::<Vec<_>>(), ["rust", "웹"]);
    assert_eq!((read.content, read.written_excerpt), (None, None), "the source is for those who may edit");
    let own: Post = author.get("/api/posts/hello").await.json(200);
    assert_eq!(own.content.as_deref(), Some("## Part\n\nSome **text**."));

    let changed = change(&author, &post, PostInput { excerpt: Some("Mine".into()), ..public("Hello again") }).await;
    assert_eq!((changed.summary.version, changed.summary.slug.as_str()), (2, "hello"));
    assert_eq!((changed.summary.excerpt.as_str(), changed.written_excerpt.as_deref()), ("Mine", Some("Mine")));
    assert!(changed.summary.tags.is_empty());

    assert_eq!(author.delete("/api/posts/hello?version=2").await.status, 204);
    blog.client.get("/api/posts/hello").await.problem(404);
    author.get("/api/posts/hello").await.problem(404);
    assert_eq!(titles(&author, "/api/posts?status=TRASHED").await, ["Hello again"]);
    // The address is free again.
    assert_eq!(write(&author, &public("Hello")).await.summary.slug, "hello");
}

async fn a_stale_change_is_refused(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let post = write(&author, &public("Hello")).await;
    change(&author, &post, public("First change")).await;
    let problem = author.put(&path(&post), &PostInput { version: Some(1), ..public("Second") }).await.problem(409);
    assert_eq!((problem.code.as_str(), problem.errors[0].message.as_str()), ("stale_version", "2"));
    author.delete("/api/posts/hello?version=1").await.problem(409);
    let field = author.put(&path(&post), &public("No version")).await.field_error();
    assert_eq!(field, ("version".into(), "required".into()));
}

async fn publication_time_stays(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let draft = write(&author, &PostInput { status: None, ..public("Hello") }).await;
    assert_eq!((draft.summary.status, draft.summary.published_at.clone()), (PostStatus::Draft, None));
    let published = change(&author, &draft, public("Hello")).await;
    let time = published.summary.published_at.clone().expect("published now");
    blog.shared.advance(time::Duration::minutes(2));
    let again = change(&author, &published, public("Hello")).await;
    assert_eq!(again.summary.published_at, Some(time));
    assert_ne!(again.summary.updated_at, published.summary.updated_at);
}

async fn terms_count_public_posts(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let tagged = |title: &str, tags: &[&str]| PostInput {
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        ..public(title)
    };
    let one = write(&author, &tagged("One", &["Rust", "Web"])).await;
    write(&author, &tagged("Two", &["rust"])).await;
    write(&author, &PostInput { status: Some(PostStatus::Draft), ..tagged("Three", &["Rust"]) }).await;
    let counts = async || {
        let tags = blog.client.get("/api/tags?size=100").await.json::<Paged<Term>>(200).items;
        tags.into_iter().map(|tag| (tag.name, tag.posts)).collect::<Vec<_>>()
    };
    assert_eq!(counts().await, [("Rust".to_owned(), 2), ("Web".to_owned(), 1)]);
    change(&author, &one, tagged("One", &["Web"])).await;
    assert_eq!(counts().await, [("Rust".to_owned(), 1), ("Web".to_owned(), 1)]);
    author.delete("/api/posts/two").await;
    assert_eq!(counts().await, [("Web".to_owned(), 1), ("Rust".to_owned(), 0)]);
    let rust: Term = blog.client.get("/api/tags/rust").await.json(200);
    assert_eq!(rust.name, "Rust");
    blog.client.get("/api/tags/nothing").await.problem(404);
    blog.client.get("/api/categories/nothing").await.problem(404);
}

async fn a_restart_keeps_everything(backend: Backend) {
    let blog = Blog::start(backend).await;
    let before = write(&blog.author(), &public("Hello")).await;
    // Migrations run again, on a filled database.
    let Blog { db, .. } = blog;
    let blog = Blog::start_on(db).await;
    let after: Post = blog.client.get("/api/posts/hello").await.json(200);
    assert_eq!((after.summary, after.html), (before.summary, before.html));
}
