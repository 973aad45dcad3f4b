//! What others are told of posts and terms.

use contracts::{
    blog::{Post, PostInput, PostStatus, Term, TermInput},
    events::PostFacts,
};
use kit::testing::Backend;

use crate::support::{Blog, change, path, public, write};

kit::on_both_databases!(every_change_is_told, images_are_told, what_is_refused_is_not_told, terms_are_told);

fn facts(data: &serde_json::Value) -> PostFacts {
    serde_json::from_value(data["post"].clone()).expect("facts")
}

async fn every_change_is_told(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let draft = write(&author, &PostInput { status: None, ..public("Hello") }).await;
    let id = draft.summary.id.clone();
    let published = change(&author, &draft, public("Hello")).await;
    let renamed = change(&author, &published, PostInput { slug: Some("other".into()), ..public("Hello") }).await;
    let hidden = PostInput { status: Some(PostStatus::Private), ..public("Hello") };
    let hidden = change(&author, &renamed, hidden).await;
    // Published under a new address: both are told.
    change(&author, &hidden, PostInput { slug: Some("third".into()), ..public("Hello") }).await;
    assert_eq!(author.delete("/api/posts/third").await.status, 204);
    author.post("/api/posts/third/restore", &()).await.json::<Post>(200);
    author.delete("/api/posts/third").await;
    assert_eq!(author.delete("/api/posts/third?purge=true").await.status, 204);

    let told = blog.told(&id).await;
    let kinds: Vec<&str> = told.iter().map(|(kind, _)| kind.as_str()).collect();
    let expected = [
        "post.created",
        "post.published",
        "post.updated",
        "post.updated",
        "post.updated",
        "post.published",
        "post.trashed",
        "post.restored",
        "post.trashed",
        "post.deleted",
    ];
    assert_eq!(kinds, expected);
    assert_eq!((facts(&told[0].1).status, facts(&told[1].1).status), (PostStatus::Draft, PostStatus::Public));
    assert_eq!((told[2].1["old_slug"].as_str(), facts(&told[2].1).slug.as_str()), (Some("hello"), "other"));
    assert_eq!((told[3].1["old_slug"].as_str(), facts(&told[3].1).status), (None, PostStatus::Private));
    assert_eq!(told[4].1["old_slug"].as_str(), Some("other"));
    assert_eq!(facts(&told[7].1).status, PostStatus::Public);
    assert_eq!(told[9].1["slug"].as_str(), Some("third"));
}

async fn images_are_told(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let input = PostInput {
        content: "![a](/media/a.png) and ![b](/media/b.jpg)".into(),
        cover: Some("/media/cover.webp".into()),
        ..public("Images")
    };
    let post = write(&author, &input).await;
    let id = post.summary.id.clone();
    change(&author, &post, PostInput { content: "![b](/media/b.jpg)".into(), cover: Some(String::new()), ..input })
        .await;
    let told = blog.told(&id).await;
    assert_eq!(facts(&told[0].1).images, ["/media/cover.webp", "/media/a.png", "/media/b.jpg"]);
    // What it was before may come back.
    assert_eq!(facts(&told[2].1).images, ["/media/b.jpg", "/media/cover.webp", "/media/a.png"]);
}

async fn what_is_refused_is_not_told(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let post = write(&author, &public("Hello")).await;
    let before = blog.kinds(&post.summary.id).await;
    author.put(&path(&post), &PostInput { version: Some(9), ..public("x") }).await.problem(409);
    let unknown = PostInput { version: Some(1), category: Some("nothing".into()), ..public("x") };
    author.put(&path(&post), &unknown).await.problem(422);
    assert_eq!(blog.kinds(&post.summary.id).await, before);
}

async fn terms_are_told(backend: Backend) {
    let blog = Blog::start(backend).await;
    let admin = blog.admin();
    let input = |name: &str| TermInput { name: name.into(), ..TermInput::default() };
    let term: Term = admin.post("/api/categories", &input("Old")).await.json(201);
    let change = TermInput { slug: Some("new".into()), ..input("New") };
    admin.put("/api/categories/old", &change).await.json::<Term>(200);
    admin.delete("/api/categories/new").await;
    let told = blog.told(&term.id).await;
    assert!(told.iter().all(|(kind, data)| kind == "terms.changed" && data["taxonomy"] == "category"));
    let slugs: Vec<String> = told.iter().map(|(_, data)| data["slugs"].to_string()).collect();
    assert_eq!(slugs, [r#"["old"]"#, r#"["new","old"]"#, r#"["new"]"#]);
    // A tag that a post makes is told, too.
    write(&blog.author(), &PostInput { tags: vec!["Rust".into()], ..public("x") }).await;
    let tag: Term = blog.client.get("/api/tags/rust").await.json(200);
    assert_eq!(blog.kinds(&tag.id).await, ["terms.changed"]);
}
