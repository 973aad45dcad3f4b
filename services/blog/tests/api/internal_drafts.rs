//! Everybody's drafts, as an export asks for them.

use contracts::{
    blog::{Draft, DraftInput, PostInput, PostStatus, Term, TermInput, WholeDraft, WholeDrafts},
    module::Role,
};
use kit::testing::Backend;

use crate::support::{Blog, public, write};

kit::on_both_databases!(drafts_are_listed_as_the_posts_that_they_would_become);

async fn drafts_are_listed_as_the_posts_that_they_would_become(backend: Backend) {
    let blog = Blog::start(backend).await;
    let (author, other) = (blog.author(), blog.user("other", Role::Author));
    let category = TermInput { name: "한옥".into(), slug: Some("hanok".into()), ..TermInput::default() };
    let _: Term = blog.admin().post("/api/categories", &category).await.json(201);
    write(&author, &PostInput { tags: vec!["Rust".into()], ..public("Hello") }).await;

    let reserved = DraftInput {
        title: "New".into(),
        content: "마루에 앉아 비를 본다.".into(),
        excerpt: Some("비".into()),
        cover: Some("/media/rain.png".into()),
        category: Some("hanok".into()),
        tags: vec!["rust".into(), "Rust".into(), "Tiles".into()],
        comments_allowed: Some(false),
        ..DraftInput::default()
    };
    let odd = DraftInput {
        content: "No title yet".into(),
        slug: Some("My Slug!".into()),
        category: Some("nowhere".into()),
        locale: Some("ko".into()),
        ..DraftInput::default()
    };
    let copy = DraftInput { post: Some("hello".into()), ..DraftInput::default() };
    let mut ids = Vec::new();
    for (who, input) in [(&author, &reserved), (&other, &odd), (&author, &copy)] {
        ids.push(who.post("/api/drafts", input).await.json::<Draft>(201).summary.id);
    }

    let service = blog.client.service();
    let first: WholeDrafts = service.get("/internal/drafts?limit=2").await.json(200);
    let after = first.next.clone().expect("there is more");
    let last: WholeDrafts = service.get(&format!("/internal/drafts?limit=2&after={after}")).await.json(200);
    assert_eq!((first.items.len(), last.items.len(), &last.next), (2, 1, &None));
    let all: Vec<WholeDraft> = first.items.into_iter().chain(last.items).collect();
    let found = |id: &String| all.iter().find(|it| it.draft.id == *id).expect("it is listed");

    let post = found(&ids[0]).post.clone().expect("it stands alone");
    let summary = &post.summary;
    assert_eq!((summary.slug.as_str(), summary.locale.as_str(), summary.status), ("new-post", "ko", PostStatus::Draft));
    assert_eq!(summary.category.as_ref().map(|category| category.name.as_str()), Some("한옥"));
    // One that is there has its name and not the one that was typed.
    let tags: Vec<_> = summary.tags.iter().map(|tag| (tag.name.as_str(), tag.slug.as_str())).collect();
    assert_eq!(tags, [("Rust", "rust"), ("Tiles", "tiles")]);
    assert_eq!((summary.cover.as_deref(), post.comments_allowed), (Some("/media/rain.png"), false));
    assert_eq!((post.content.as_deref(), post.written_excerpt.as_deref()), (Some(&*reserved.content), Some("비")));

    let post = found(&ids[1]).post.clone().expect("it stands alone");
    assert_eq!((post.summary.title.as_str(), post.summary.slug.as_str()), ("", "my-slug"));
    assert_eq!((post.summary.author_id.as_str(), post.summary.locale.as_str()), ("other", "ko"));
    assert_eq!((&post.summary.category, post.comments_allowed), (&None, true));

    let copy = found(&ids[2]);
    assert_eq!((copy.draft.post_slug.as_deref(), &copy.post), (Some("hello"), &None));

    service.get("/internal/drafts?limit=6").await.problem(400);
    blog.admin().get("/internal/drafts").await.problem(401);
}
