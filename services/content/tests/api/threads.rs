//! What readers see of the comments of a post.

use contracts::{
    blog::PostStatus,
    content::{Comment, CommentChange, CommentPage, LikeStatus},
    events::{PostFacts, PostUpdated},
    module::Role,
};
use kit::testing::Backend;

use crate::support::{Content, act, answer, by_guest, input, list, outline, path, seen, write};

kit::on_both_databases!(
    three_levels_and_mentions,
    roots_are_paged_with_all_their_answers,
    a_deleted_comment_keeps_its_place,
    comments_follow_their_post,
    sorted_as_asked,
    strangers_see_what_changes_at_once,
);

async fn three_levels_and_mentions(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let root = write(&content.reader("a"), &input(&post, "one")).await;
    let two = write(&content.reader("b"), &answer(&post, &root, "two")).await;
    let three = write(&content.reader("c"), &answer(&post, &two, "three")).await;
    let four = write(&content.author(), &answer(&post, &three, "four")).await;
    write(&content.reader("d"), &answer(&post, &four, "five")).await;
    let page = list(&content.client, &post).await;
    assert_eq!(outline(&page.items), "one(two(three four@Name of c five@Name of author))");
    assert_eq!((page.total, page.comments, page.open), (1, 5, true));
    let deepest = &page.items[0].replies[0].replies;
    assert_eq!(deepest.iter().map(|comment| comment.depth).collect::<Vec<_>>(), [3, 3, 3]);
    assert!(deepest[1].by_post_author && deepest[1].author_id.as_deref() == Some("author"));
    assert_eq!(deepest[1].parent_id.as_ref(), Some(&three.id));
    assert!(page.items.iter().all(|comment| comment.content.is_none() && !comment.can_edit && !comment.can_delete));
    content.heard(&post.post_id, 5, 0).await;
}

async fn roots_are_paged_with_all_their_answers(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    for n in 0..5 {
        content.shared.advance(time::Duration::minutes(1));
        let root = write(&content.admin(), &input(&post, &format!("r{n}"))).await;
        write(&content.admin(), &answer(&post, &root, &format!("a{n}"))).await;
    }
    let page = async |query: &str| -> CommentPage {
        content.client.get(&format!("/api/comments/post/{}?{query}", post.post_id)).await.json(200)
    };
    let second = page("page=2&size=2").await;
    assert_eq!((outline(&second.items).as_str(), second.total, second.comments), ("r2(a2) r3(a3)", 5, 10));
    assert_eq!(outline(&page("page=3&size=2&sort=newest").await.items), "r0(a0)");
    assert!(page("page=9&size=2").await.items.is_empty());
    for query in ["page=0", "size=101", "sort=loudest", "page=x", "size=-1"] {
        content.client.get(&format!("/api/comments/post/{}?{query}", post.post_id)).await.problem(400);
    }
}

async fn a_deleted_comment_keeps_its_place(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let (one, two) = (content.reader("a"), content.reader("b"));
    let root = write(&one, &input(&post, "root")).await;
    let child = write(&two, &answer(&post, &root, "child")).await;
    let lonely = write(&two, &input(&post, "lonely")).await;
    assert_eq!(one.delete(&path(&root)).await.status, 204);
    assert_eq!(two.delete(&path(&lonely)).await.status, 204);
    let page = list(&content.client, &post).await;
    assert_eq!((outline(&page.items).as_str(), page.comments, page.total), ("-(child)", 1, 1));
    let gone = &page.items[0];
    assert!(gone.author_name.is_empty() && gone.author_id.is_none() && gone.html.is_empty() && gone.content.is_none());
    content.client.get(&path(&root)).await.problem(404);
    one.delete(&path(&root)).await.problem(404);
    assert_eq!(two.delete(&path(&child)).await.status, 204);
    assert_eq!(
        list(&content.client, &post).await,
        CommentPage { open: true, guests_allowed: true, ..CommentPage::default() }
    );
    content.heard(&post.post_id, 0, 0).await;
    assert_eq!(act(&one, &format!("{}/restore", path(&root))).await.status, 204);
    assert_eq!(seen(&content.client, &post).await, "root");
    content.heard(&post.post_id, 1, 0).await;
}

async fn comments_follow_their_post(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.others.post("author", PostStatus::Private);
    write(&content.author(), &input(&post, "note")).await;
    assert_eq!(seen(&content.admin(), &post).await, "note");
    let url = format!("/api/comments/post/{}", post.post_id);
    content.client.get(&url).await.problem(404);
    content.client.post("/api/comments", &by_guest(&post, "hello")).await.problem(404);
    for other in [content.reader("a"), content.user("other", Role::Author)] {
        other.get(&url).await.problem(404);
        other.post("/api/comments", &input(&post, "hello")).await.problem(404);
    }
    for nonsense in ["x", "00000000-0000-7000-8000-000000000000", "%00", "%FF", "..%2F"] {
        content.client.get(&format!("/api/comments/post/{nonsense}")).await.problem(404);
    }
    assert_eq!(seen(&content.author(), &post).await, "note");
}

async fn sorted_as_asked(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    for text in ["a", "b", "c"] {
        content.shared.advance(time::Duration::minutes(1));
        let comment = write(&content.reader("x"), &input(&post, text)).await;
        if text == "b" {
            let status: LikeStatus = act(&content.reader("y"), &format!("{}/like", path(&comment))).await.json(200);
            assert_eq!(status, LikeStatus { liked: true, likes: 1 });
        }
    }
    for (sort, expected) in [("oldest", "a b c"), ("newest", "c b a"), ("liked", "b a c")] {
        let page: CommentPage =
            content.reader("y").get(&format!("/api/comments/post/{}?sort={sort}", post.post_id)).await.json(200);
        assert_eq!(outline(&page.items), expected);
        assert_eq!(page.items.iter().filter(|comment| comment.liked).count(), 1);
    }
}

async fn strangers_see_what_changes_at_once(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let (one, other) = (content.guest("198.51.100.7"), content.guest("198.51.100.8"));
    let likes = async |who| {
        let page = list(who, &post).await;
        page.items.iter().map(|comment| (comment.likes, comment.liked)).collect::<Vec<_>>()
    };
    assert!(likes(&one).await.is_empty() && likes(&other).await.is_empty());
    let comment = write(&content.reader("a"), &input(&post, "one")).await;
    assert_eq!((likes(&one).await, likes(&other).await), (vec![(0, false)], vec![(0, false)]));
    act(&one, &format!("{}/like", path(&comment))).await.json::<LikeStatus>(200);
    assert_eq!((likes(&one).await, likes(&other).await), (vec![(1, true)], vec![(1, false)]));
    let change = CommentChange { content: "two".to_owned(), ..CommentChange::default() };
    content.reader("a").put(&path(&comment), &change).await.json::<Comment>(200);
    assert_eq!((seen(&one, &post).await, seen(&other, &post).await), ("two".to_owned(), "two".to_owned()));
    let facts = PostFacts { status: PostStatus::Private, ..post.clone() };
    content.tell(&post.post_id, PostUpdated { post: facts, old_slug: None }).await;
    other.get(&format!("/api/comments/post/{}", post.post_id)).await.problem(404);
}
