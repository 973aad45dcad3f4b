//! Who sees and changes what.

use contracts::{
    blog::{Post, PostInput, PostStatus},
    module::Role,
};
use kit::testing::Backend;

use crate::support::{Blog, public, titles, write};

kit::on_both_databases!(
    drafts_are_for_their_author_and_admins,
    only_authors_write_and_only_their_own,
    lists_show_others_only_to_who_may_see_them,
    featured_posts_are_chosen_by_admins,
    internal_routes_need_the_service_token,
);

fn draft(title: &str) -> PostInput {
    PostInput { status: Some(PostStatus::Draft), ..public(title) }
}

async fn drafts_are_for_their_author_and_admins(backend: Backend) {
    let blog = Blog::start(backend).await;
    write(&blog.author(), &draft("Draft")).await;
    write(&blog.author(), &PostInput { status: Some(PostStatus::Private), ..public("Private") }).await;
    for slug in ["draft", "private"] {
        let path = format!("/api/posts/{slug}");
        for allowed in [blog.author(), blog.admin()] {
            allowed.get(&path).await.json::<Post>(200);
        }
        for other in [blog.client.clone(), blog.user("reader", Role::User), blog.user("other", Role::Author)] {
            other.get(&path).await.problem(404);
        }
        // Another spelling tells no more.
        blog.client.get(&path.to_uppercase().replace("/API/POSTS", "/api/posts")).await.problem(404);
    }
}

async fn only_authors_write_and_only_their_own(backend: Backend) {
    let blog = Blog::start(backend).await;
    blog.client.post("/api/posts", &public("x")).await.problem(401);
    blog.user("reader", Role::User).post("/api/posts", &public("x")).await.problem(403);
    write(&blog.author(), &public("Public")).await;
    write(&blog.author(), &draft("Hidden")).await;
    let other = blog.user("other", Role::Author);
    let change = PostInput { version: Some(1), ..public("Taken over") };
    other.put("/api/posts/public", &change).await.problem(403);
    other.delete("/api/posts/public").await.problem(403);
    other.put("/api/posts/hidden", &change).await.problem(404);
    // Who lost the role lost the pen.
    blog.user("author", Role::User).put("/api/posts/public", &change).await.problem(403);
    let changed: Post = blog.admin().put("/api/posts/public", &change).await.json(200);
    assert_eq!(changed.summary.author_id, "author");
}

async fn lists_show_others_only_to_who_may_see_them(backend: Backend) {
    let blog = Blog::start(backend).await;
    let other = blog.user("other", Role::Author);
    write(&blog.author(), &public("Public")).await;
    write(&blog.author(), &draft("Mine")).await;
    write(&other, &draft("Theirs")).await;
    assert_eq!(titles(&blog.client, "/api/posts").await, ["Public"]);
    assert_eq!(titles(&blog.author(), "/api/posts").await, ["Public"]);
    assert_eq!(titles(&blog.author(), "/api/posts?status=DRAFT").await, ["Mine"]);
    assert_eq!(titles(&blog.author(), "/api/posts?status=DRAFT&author=other").await, Vec::<String>::new());
    assert_eq!(titles(&blog.author(), "/api/posts?status=ALL&sort=title").await, ["Mine", "Public"]);
    assert_eq!(titles(&blog.admin(), "/api/posts?status=all&sort=title").await, ["Mine", "Public", "Theirs"]);
    blog.client.get("/api/posts?status=DRAFT").await.problem(401);
    blog.user("reader", Role::User).get("/api/posts?status=ALL").await.problem(403);
}

async fn featured_posts_are_chosen_by_admins(backend: Backend) {
    let blog = Blog::start(backend).await;
    let featured = |title: &str| PostInput { featured: Some(true), ..public(title) };
    blog.author().post("/api/posts", &featured("x")).await.problem(403);
    write(&blog.admin(), &featured("Chosen")).await;
    for title in ["Newer", "Newest"] {
        blog.shared.advance(time::Duration::minutes(1));
        write(&blog.author(), &public(title)).await;
    }
    assert_eq!(titles(&blog.client, "/api/posts/featured?size=2").await, ["Chosen", "Newest"]);
}

async fn internal_routes_need_the_service_token(backend: Backend) {
    let blog = Blog::start(backend).await;
    for path in ["/internal/posts/counts", "/internal/redirects?path=/x"] {
        blog.client.get(path).await.problem(401);
        blog.admin().get(path).await.problem(401);
    }
    blog.admin().put("/internal/import/posts", &serde_json::json!({})).await.problem(401);
    write(&blog.author(), &draft("Draft")).await;
    write(&blog.admin(), &public("Public")).await;
    let counts: contracts::blog::PostCounts =
        blog.client.service().get("/internal/posts/counts?author=author").await.json(200);
    assert_eq!((counts.public, counts.drafts), (0, 1));
}
