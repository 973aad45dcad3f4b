//! The same for many posts.

use contracts::blog::{BulkAction, BulkInput, BulkOutcome, Post, PostInput, PostStatus, Term, TermInput};
use kit::testing::Backend;

use crate::support::{Blog, public, titles, write};

kit::on_both_databases!(each_post_answers_for_itself, categories_and_tags_for_many, bulk_is_for_admins);

fn bulk(ids: &[String], action: BulkAction) -> BulkInput {
    BulkInput { ids: ids.to_vec(), action, category: None, tag: None }
}

async fn run(blog: &Blog, input: &BulkInput) -> Vec<String> {
    let outcome: BulkOutcome = blog.admin().post("/api/posts/bulk", input).await.json(200);
    let changed = outcome.results.iter().filter(|it| it.outcome == "changed").count();
    assert_eq!(usize::try_from(outcome.changed).expect("small"), changed);
    outcome.results.into_iter().map(|it| it.outcome).collect()
}

async fn each_post_answers_for_itself(backend: Backend) {
    let blog = Blog::start(backend).await;
    let draft = write(&blog.author(), &PostInput { status: None, ..public("Draft") }).await.summary.id;
    let shown = write(&blog.author(), &public("Shown")).await.summary.id;
    let ids = [draft.clone(), shown.clone(), "nothing".to_owned()];
    assert_eq!(run(&blog, &bulk(&ids, BulkAction::Publish)).await, ["changed", "unchanged", "not_found"]);
    assert_eq!(titles(&blog.client, "/api/posts?sort=title").await, ["Draft", "Shown"]);
    assert_eq!(run(&blog, &bulk(&ids, BulkAction::Unpublish)).await, ["changed", "changed", "not_found"]);
    assert_eq!(run(&blog, &bulk(&ids[..1], BulkAction::Purge)).await, ["not_in_trash"]);
    assert_eq!(run(&blog, &bulk(&ids, BulkAction::Trash)).await, ["changed", "changed", "not_found"]);
    assert_eq!(run(&blog, &bulk(&ids[..2], BulkAction::Trash)).await, ["unchanged", "unchanged"]);
    assert_eq!(run(&blog, &bulk(&ids[..1], BulkAction::Publish)).await, ["in_trash"]);
    assert_eq!(run(&blog, &bulk(&ids[..1], BulkAction::Restore)).await, ["changed"]);
    let back: Post = blog.admin().get("/api/posts/draft").await.json(200);
    assert_eq!(back.summary.status, PostStatus::Draft);
    assert_eq!(run(&blog, &bulk(&ids, BulkAction::Purge)).await, ["not_in_trash", "changed", "not_found"]);
    assert_eq!(blog.kinds(&shown).await.last().map(String::as_str), Some("post.deleted"));
}

async fn categories_and_tags_for_many(backend: Backend) {
    let blog = Blog::start(backend).await;
    let admin = blog.admin();
    let input = TermInput { name: "News".into(), ..TermInput::default() };
    admin.post("/api/categories", &input).await.json::<Term>(201);
    let mut ids = Vec::new();
    for title in ["One", "Two"] {
        ids.push(write(&blog.author(), &public(title)).await.summary.id);
    }
    let news = BulkInput { category: Some("news".into()), ..bulk(&ids, BulkAction::SetCategory) };
    assert_eq!(run(&blog, &news).await, ["changed", "changed"]);
    assert_eq!(run(&blog, &news).await, ["unchanged", "unchanged"]);
    let category: Term = blog.client.get("/api/categories/news").await.json(200);
    assert_eq!(category.posts, 2);
    let tag = BulkInput { tag: Some(" Rust ".into()), ..bulk(&ids[..1], BulkAction::AddTag) };
    assert_eq!(run(&blog, &tag).await, ["changed"]);
    assert_eq!(run(&blog, &tag).await, ["unchanged"]);
    let one: Post = blog.client.get("/api/posts/one").await.json(200);
    assert_eq!((one.summary.tags[0].name.as_str(), one.summary.version), ("Rust", 3));
    assert_eq!(run(&blog, &bulk(&ids[..1], BulkAction::SetCategory)).await, ["changed"]);
    let category: Term = blog.client.get("/api/categories/news").await.json(200);
    assert_eq!(category.posts, 1);
    let odd = [
        (BulkInput { category: Some("none".into()), ..bulk(&ids, BulkAction::SetCategory) }, "category"),
        (bulk(&ids, BulkAction::AddTag), "tag"),
        (BulkInput { tag: Some("🦀".into()), ..bulk(&ids, BulkAction::AddTag) }, "tag"),
        (bulk(&[], BulkAction::Trash), "ids"),
        (bulk(&vec![ids[0].clone(); 101], BulkAction::Trash), "ids"),
    ];
    for (input, field) in odd {
        assert_eq!(admin.post("/api/posts/bulk", &input).await.field_error().0, field);
    }
}

async fn bulk_is_for_admins(backend: Backend) {
    let blog = Blog::start(backend).await;
    let id = write(&blog.author(), &public("Hello")).await.summary.id;
    let input = bulk(&[id], BulkAction::Trash);
    blog.author().post("/api/posts/bulk", &input).await.problem(403);
    blog.client.post("/api/posts/bulk", &input).await.problem(401);
}
