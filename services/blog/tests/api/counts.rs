//! What other services count, and what becomes of who is gone.

use contracts::{
    blog::{Draft, DraftInput, Paged, Post, PostInput, PostStatus, Term},
    events::{CommentCreated, CommentDeleted, LikeToggled, PostViewsCounted, UserDeleted, UserProfileUpdated},
};
use kit::testing::Backend;

use crate::support::{Blog, public, titles, write};

kit::on_both_databases!(
    the_newest_total_counts,
    popular_and_liked_lead_their_lists,
    a_deleted_user_keeps_or_takes_their_posts,
);

async fn the_newest_total_counts(backend: Backend) {
    let blog = Blog::start(backend).await;
    let post = write(&blog.author(), &public("Hello")).await;
    let id = post.summary.id.as_str();
    let views = |views| PostViewsCounted { post_id: id.into(), views };
    let likes = |likes| LikeToggled { post_id: id.into(), likes };
    let created = |comments| CommentCreated { comment_id: "c".into(), post_id: id.into(), comments };
    let deleted = |comments| CommentDeleted { comment_id: "c".into(), post_id: id.into(), comments };
    blog.deliver(id, 2, &views(70)).await;
    blog.deliver(id, 1, &views(50)).await;
    blog.deliver(id, 5, &likes(3)).await;
    blog.deliver(id, 4, &likes(4)).await;
    blog.deliver(id, 7, &created(2)).await;
    // Two kinds, one total: what comes late of the other kind is older all the same.
    blog.deliver(id, 6, &deleted(0)).await;
    blog.deliver("nothing", 1, &views(9)).await;
    let read: Post = blog.client.get("/api/posts/hello").await.json(200);
    assert_eq!((read.summary.views, read.summary.likes, read.summary.comments), (70, 3, 2));
    // The post itself did not change.
    assert_eq!((read.summary.version, read.summary.updated_at), (1, post.summary.updated_at));
    blog.deliver(id, 8, &deleted(1)).await;
    let read: Post = blog.client.get("/api/posts/hello").await.json(200);
    assert_eq!(read.summary.comments, 1);
}

async fn popular_and_liked_lead_their_lists(backend: Backend) {
    let blog = Blog::start(backend).await;
    for (title, views, likes) in [("One", 5, 1), ("Two", 9, 0), ("Three", 1, 7)] {
        let post = write(&blog.author(), &public(title)).await;
        let id = post.summary.id;
        blog.deliver(&id, 1, &PostViewsCounted { post_id: id.clone(), views }).await;
        blog.deliver(&id, 1, &LikeToggled { post_id: id.clone(), likes }).await;
    }
    assert_eq!(titles(&blog.client, "/api/posts?sort=popular").await, ["Two", "One", "Three"]);
    assert_eq!(titles(&blog.client, "/api/posts?sort=liked").await, ["Three", "One", "Two"]);
}

async fn a_deleted_user_keeps_or_takes_their_posts(backend: Backend) {
    let blog = Blog::start(backend).await;
    let other = blog.user("other", contracts::module::Role::Author);
    for author in [&blog.author(), &other] {
        write(author, &PostInput { tags: vec!["Rust".into()], ..public("Hello") }).await;
        author.post("/api/drafts", &DraftInput::default()).await.json::<Draft>(201);
    }
    blog.deliver("author", 1, &UserDeleted { user_id: "author".into(), keep_content: true }).await;
    let late = UserProfileUpdated { user_id: "author".into(), name: "Back again".into(), avatar: None };
    blog.deliver("author", 2, &late).await;
    let read: Post = blog.client.get("/api/posts/hello").await.json(200);
    assert_eq!((read.summary.author_name.as_str(), read.summary.author_avatar), ("deleted user", None));

    blog.deliver("other", 1, &UserDeleted { user_id: "other".into(), keep_content: false }).await;
    blog.client.get("/api/posts/hello-2").await.problem(404);
    let trash: contracts::blog::Paged<contracts::blog::PostSummary> =
        blog.admin().get("/api/posts?status=TRASHED").await.json(200);
    assert_eq!((trash.items[0].slug.as_str(), trash.items[0].status), ("hello-2", PostStatus::Trashed));
    assert_eq!(trash.items[0].author_name, "deleted user");
    let drafts: contracts::blog::Paged<contracts::blog::DraftSummary> =
        blog.admin().get("/api/drafts?author=all").await.json(200);
    assert_eq!(drafts.items.iter().map(|draft| draft.author_id.as_str()).collect::<Vec<_>>(), ["author"]);
    let tag = kit::testing::eventually("the tag's count", || async {
        let tags = blog.client.get("/api/tags?size=100").await.json::<Paged<Term>>(200).items;
        tags.into_iter().find(|tag| tag.posts == 1)
    });
    tag.await;
}
