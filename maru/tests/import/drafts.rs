//! Drafts that belong to no post are exported as posts that are drafts, and come back the same.

use std::fs;

use contracts::{
    blog::{Draft, DraftInput, Paged, PostCounts, PostInput, PostSummary, TermInput},
    module::Role,
    storage::Image,
};
use http::Method;
use maru::exporter;

use crate::{
    SVG, Site, changes, import,
    round_trip::{Person, assert_same, post, text},
};

/// A post that lived elsewhere before, drafts that want what it has, and a working copy of it.
async fn fill(site: &Site) {
    let admin = Person::join(site, "Admin", Role::Admin).await;
    let author = Person::join(site, "Sora", Role::Author).await;
    let storage = site.embedded.services.storage();
    let drawing: Image = storage.put_bytes("/internal/images?filename=dot.svg", SVG.into()).await.unwrap();
    let category = TermInput { name: "한옥".to_owned(), slug: text("hanok"), ..TermInput::default() };
    admin.term(Method::POST, "/api/categories", category).await;
    let tags = vec!["Rust".to_owned()];
    let old = PostInput { slug: text("the-roof"), tags: tags.clone(), ..post("The floor", "Boards.") };
    let floor = author.write(old).await;
    let moved = PostInput { slug: text("the-floor"), tags, ..post("The floor", "Boards.") };
    author.change(&floor, moved).await;

    let full = DraftInput {
        title: "The roof".to_owned(),
        content: format!("![tiles]({})\r\n\r\n기와를 얹는다.\r\n", drawing.url),
        excerpt: text("Tiles"),
        cover: Some(drawing.url),
        category: text("hanok"),
        tags: vec!["rust".to_owned(), "Tiles".to_owned()],
        canonical: text("https://elsewhere.example/roof"),
        seo_title: text("Roofs"),
        seo_description: text("Found by machines"),
        translation_group: text("roof"),
        comments_allowed: Some(false),
        ..DraftInput::default()
    };
    let reserved = DraftInput {
        title: "New".to_owned(),
        content: "Soon".to_owned(),
        tags: vec!["tiles".to_owned()],
        ..DraftInput::default()
    };
    let untitled = DraftInput { content: "마루에 눕는다.".to_owned(), ..DraftInput::default() };
    let copy = DraftInput { post: text("the-floor"), ..DraftInput::default() };
    for draft in [full, reserved, untitled, DraftInput::default(), copy] {
        let _: Draft = author.call(&site.embedded.services.blog, Method::POST, "/api/drafts", &draft).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drafts_come_back_as_posts_that_are_drafts() {
    let site = Site::start().await;
    fill(&site).await;
    let folder = site.folder.path().join("export");
    let written = exporter::export(&site.embedded.services, folder.clone()).await.unwrap();
    assert_eq!((written.posts, written.drafts, written.working_copies, written.images), (1, 3, 1, 1));
    let mut names: Vec<_> =
        fs::read_dir(folder.join("posts")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    // The address of what was moved still leads there, and one that is the site's own is nobody's.
    assert_eq!(names, ["new-post.md", "post.md", "the-floor.md", "the-roof-2.md"]);
    let roof = fs::read_to_string(folder.join("posts/the-roof-2.md")).unwrap();
    for line in ["status = \"draft\"", "category = \"한옥\"", "lang = \"ko\"", "comments = false"] {
        assert!(roof.lines().any(|it| it == line), "{line}\n{roof}");
    }
    assert!(roof.contains("![tiles](../media/") && roof.contains("tags = [\"Rust\", \"Tiles\"]"), "{roof}");

    let other = Site::start().await;
    let report = import(&other.embedded, &folder).await;
    assert_eq!(changes(&report), [4, 0, 0, 0], "{report}");
    assert!(report.warnings.is_empty(), "{report}");
    let blog = other.embedded.services.blog();
    let public: Paged<PostSummary> = blog.get("/api/posts").await.unwrap();
    let counts: PostCounts = blog.get("/internal/posts/counts").await.unwrap();
    assert_eq!((public.total, counts.drafts), (1, 3), "what nobody had published stays so");
    let again = other.folder.path().join("again");
    let written = exporter::export(&other.embedded.services, again.clone()).await.unwrap();
    assert_eq!((written.posts, written.drafts, written.working_copies), (4, 0, 0));
    assert_same(&folder, &again);
    assert_eq!(changes(&import(&other.embedded, &folder).await), [0, 0, 4, 0]);
    site.embedded.stop().await;
    other.embedded.stop().await;
}
