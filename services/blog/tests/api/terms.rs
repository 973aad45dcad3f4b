//! Categories and tags.

use contracts::blog::{MergeInput, Paged, Post, PostInput, Term, TermInput};
use kit::testing::{Backend, Client, TestShared, eventually};

use crate::support::{Blog, encode, public, titles, write};

kit::on_both_databases!(
    a_category_is_made_changed_and_removed,
    a_renamed_term_leads_on,
    merging_moves_posts_once,
    odd_terms_are_refused,
    terms_are_admins_but_for_new_tags,
    what_another_replica_changed_is_heard_of,
);

fn term(name: &str) -> TermInput {
    TermInput { name: name.into(), ..TermInput::default() }
}

fn tagged(title: &str, tags: &[&str]) -> PostInput {
    PostInput { tags: tags.iter().map(|tag| (*tag).to_owned()).collect(), ..public(title) }
}

async fn a_category_is_made_changed_and_removed(backend: Backend) {
    let blog = Blog::start(backend).await;
    let admin = blog.admin();
    let input = TermInput {
        description: Some("What happened".into()),
        icon: Some("📰".into()),
        color: Some(7),
        ..term("News")
    };
    let answer = admin.post("/api/categories", &input).await;
    let made: Term = answer.json(201);
    assert_eq!(answer.headers["location"], "/api/categories/news");
    assert_eq!((made.color, made.icon.as_deref(), made.version, made.posts), (7, Some("📰"), 1, 0));
    write(&blog.author(), &PostInput { category: Some("news".into()), ..public("Hello") }).await;
    let change = TermInput { version: Some(1), ..term("Latest news") };
    let changed: Term = admin.put("/api/categories/news", &change).await.json(200);
    assert_eq!((changed.slug.as_str(), changed.color, changed.description, changed.version), ("news", 7, None, 2));
    let stale = admin.put("/api/categories/news", &change).await;
    assert_eq!(stale.json::<serde_json::Value>(409)["current"]["name"], "Latest news");
    let all = blog.client.get("/api/categories?size=100").await.json::<Paged<Term>>(200).items;
    assert_eq!((all.len(), all[0].name.as_str(), all[0].posts), (1, "Latest news", 1));
    admin.delete("/api/categories/news?version=1").await.problem(409);
    assert_eq!(admin.delete("/api/categories/news?version=2").await.status, 204);
    blog.client.get("/api/categories/news").await.problem(404);
    let post: Post = blog.client.get("/api/posts/hello").await.json(200);
    assert_eq!(post.summary.category, None);
    let all = blog.client.get("/api/categories?size=100").await.json::<Paged<Term>>(200).items;
    assert!(all.is_empty());
}

async fn a_renamed_term_leads_on(backend: Backend) {
    let blog = Blog::start(backend).await;
    let admin = blog.admin();
    write(&blog.author(), &tagged("Hello", &["러스트"])).await;
    let old = encode("러스트");
    let renamed = TermInput { slug: Some("rust".into()), ..term("Rust") };
    admin.put(&format!("/api/tags/{old}"), &renamed).await.json::<Term>(200);
    let moved = blog.client.get(&format!("/api/tags/{old}")).await;
    assert_eq!(
        (moved.problem(301).location.as_deref(), &moved.headers["location"]),
        (Some("/tags/rust"), &"/tags/rust".parse().expect("a header"))
    );
    assert_eq!(titles(&blog.client, &format!("/api/posts?tag={old}")).await, ["Hello"]);
    // By its old name it is still the same tag.
    write(&blog.author(), &tagged("Again", &["러스트"])).await;
    let rust: Term = blog.client.get("/api/tags/rust").await.json(200);
    assert_eq!(rust.posts, 2);
    // Until somebody makes another one there.
    admin.post("/api/tags", &term("러스트")).await.json::<Term>(201);
    let other: Term = blog.client.get(&format!("/api/tags/{old}")).await.json(200);
    assert_eq!((other.posts, other.id == rust.id), (0, false));
}

async fn merging_moves_posts_once(backend: Backend) {
    let blog = Blog::start(backend).await;
    let admin = blog.admin();
    write(&blog.author(), &tagged("Both", &["JS", "JavaScript"])).await;
    write(&blog.author(), &tagged("One", &["JS"])).await;
    let into = |into: &str| MergeInput { into: into.into() };
    let merged: Term = admin.post("/api/tags/js/merge", &into("javascript")).await.json(200);
    assert_eq!((merged.name.as_str(), merged.posts), ("JavaScript", 2));
    let moved = blog.client.get("/api/tags/js").await.problem(301);
    assert_eq!(moved.location.as_deref(), Some("/tags/javascript"));
    let both: Post = blog.client.get("/api/posts/both").await.json(200);
    assert_eq!(both.summary.tags.iter().map(|tag| tag.slug.as_str()).collect::<Vec<_>>(), ["javascript"]);

    for name in ["A", "B", "C"] {
        admin.post("/api/categories", &term(name)).await.json::<Term>(201);
    }
    write(&blog.author(), &PostInput { category: Some("a".into()), ..public("In A") }).await;
    let second: Paged<Term> = blog.client.get("/api/categories?page=2&size=1").await.json(200);
    assert_eq!((second.items[0].name.as_str(), second.total), ("B", 3), "that with a post, then by name");
    admin.post("/api/categories/a/merge", &into("b")).await.json::<Term>(200);
    admin.post("/api/categories/b/merge", &into("c")).await.json::<Term>(200);
    // A chain of merges is one step.
    let moved = blog.client.get("/api/categories/a").await.problem(301);
    assert_eq!(moved.location.as_deref(), Some("/categories/c"));
    assert_eq!(titles(&blog.client, "/api/posts?category=a").await, ["In A"]);
    let all = blog.client.get("/api/categories?size=100").await.json::<Paged<Term>>(200).items;
    assert_eq!((all.len(), all[0].posts), (1, 1));
    assert_eq!(
        admin.post("/api/categories/c/merge", &into("c")).await.field_error(),
        ("into".into(), "invalid".into())
    );
    assert_eq!(
        admin.post("/api/categories/c/merge", &into("x")).await.field_error(),
        ("into".into(), "unknown".into())
    );
    admin.post("/api/categories/x/merge", &into("c")).await.problem(404);
}

async fn odd_terms_are_refused(backend: Backend) {
    let blog = Blog::start(backend).await;
    let admin = blog.admin();
    admin.post("/api/categories", &term("News")).await.json::<Term>(201);
    let cases = [
        (term(" "), "name", "required"),
        (term(&"x".repeat(51)), "name", "too_long"),
        (term("🦀"), "name", "invalid"),
        (TermInput { slug: Some("!!".into()), ..term("x") }, "slug", "invalid"),
        (TermInput { description: Some("x".repeat(501)), ..term("x") }, "description", "too_long"),
        (TermInput { icon: Some("x".repeat(33)), ..term("x") }, "icon", "too_long"),
        (TermInput { color: Some(12), ..term("x") }, "color", "invalid"),
        (term("news"), "name", "taken"),
        (TermInput { slug: Some("news".into()), ..term("x") }, "slug", "taken"),
    ];
    for (input, field, code) in cases {
        assert_eq!(admin.post("/api/categories", &input).await.field_error(), (field.into(), code.into()));
    }
    let message = admin.post("/api/categories", &term("news")).await.problem(422).errors[0].message.clone();
    assert!(message.contains("`news-2` is free"), "{message}");
    let color = TermInput { color: Some(1), ..term("x") };
    assert_eq!(admin.post("/api/tags", &color).await.field_error(), ("color".into(), "unknown".into()));
    admin.put("/api/categories/nothing", &term("x")).await.problem(404);
    admin.delete("/api/tags/nothing").await.problem(404);
}

async fn terms_are_admins_but_for_new_tags(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    author.post("/api/tags", &term("Rust")).await.json::<Term>(201);
    author.post("/api/categories", &term("News")).await.problem(403);
    author.put("/api/tags/rust", &term("x")).await.problem(403);
    author.delete("/api/tags/rust").await.problem(403);
    author.post("/api/tags/rust/merge", &MergeInput { into: "x".into() }).await.problem(403);
    blog.client.post("/api/tags", &term("x")).await.problem(401);
}

async fn what_another_replica_changed_is_heard_of(backend: Backend) {
    let blog = Blog::start(backend).await;
    // A second process on the same database, with a cache of its own.
    let shared = TestShared::new();
    let settings = blog::Settings { database_url: blog.db.url.clone(), search_dir: None, site_name: None };
    let there = Client::new(blog::start(settings, &shared.shared).await.expect("blog starts").router);
    let tags = async || -> Vec<(String, u32)> {
        let tags = there.get("/api/tags?size=100").await.json::<Paged<Term>>(200).items;
        tags.into_iter().map(|tag| (tag.name, tag.posts)).collect()
    };
    let become_known = async |posts: u32| {
        eventually("what the other one did", || async { (tags().await == [("Rust".to_owned(), posts)]).then_some(()) })
            .await;
    };
    assert!(tags().await.is_empty());
    blog.author().post("/api/tags", &term("Rust")).await.json::<Term>(201);
    // No event travels yet.
    assert!(tags().await.is_empty());
    shared.shared.bus.open();
    become_known(0).await;
    write(&blog.author(), &tagged("Hello", &["Rust"])).await;
    become_known(1).await;
}
