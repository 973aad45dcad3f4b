//! Members write, change and delete.

use contracts::content::{Comment, CommentChange, MyComments, Preview};
use kit::testing::Backend;
use serde_json::json;

use crate::support::{Content, answer, input, list, path, seen, write};

kit::on_both_databases!(
    a_member_changes_their_own_comment,
    a_stale_change_is_refused,
    my_comments_are_mine,
    posts_can_be_closed,
    the_same_twice_is_once,
    too_much_at_once_is_too_much,
    markdown_is_limited,
);

fn change(text: &str) -> CommentChange {
    CommentChange { content: text.to_owned(), ..CommentChange::default() }
}

async fn a_member_changes_their_own_comment(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let reader = content.reader("a");
    let written = write(&reader, &input(&post, "first *words*")).await;
    assert_eq!(written.html.trim(), "<p>first <em>words</em></p>");
    assert!(written.mine && written.can_edit && written.can_delete && written.edited_at.is_none());
    assert_eq!((written.content.as_deref(), written.author_name.as_str()), (Some("first *words*"), "Name of a"));
    content.shared.advance(time::Duration::minutes(2));
    let changed: Comment = reader.put(&path(&written), &change("second")).await.json(200);
    assert_eq!((changed.version, changed.edited_at.is_some(), changed.id.clone()), (2, true, written.id.clone()));
    assert_eq!(seen(&content.client, &post).await, "second");
    let again: Comment = reader.get(&path(&written)).await.json(200);
    assert_eq!(again.content.as_deref(), Some("second"));
    content.heard(&post.post_id, 1, 0).await;
}

async fn a_stale_change_is_refused(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let reader = content.reader("a");
    let written = write(&reader, &input(&post, "one")).await;
    let from = |version: u32, text: &str| CommentChange { version: Some(version), ..change(text) };
    reader.put(&path(&written), &from(1, "two")).await.json::<Comment>(200);
    let stale = reader.put(&path(&written), &from(1, "three")).await;
    let problem = stale.problem(409);
    assert_eq!((problem.code.as_str(), problem.errors[0].message.as_str()), ("stale_version", "2"));
    assert_eq!(stale.json::<serde_json::Value>(409)["current"]["content"], "two");
    let (url, left, right) = (path(&written), from(2, "left"), from(2, "right"));
    let (left, right) = futures_util::future::join(reader.put(&url, &left), reader.put(&url, &right)).await;
    let mut statuses = [left.status.as_u16(), right.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

async fn my_comments_are_mine(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let reader = content.reader("a");
    let first = write(&reader, &input(&post, "first")).await;
    content.shared.advance(time::Duration::minutes(1));
    let second = write(&reader, &input(&post, "second")).await;
    write(&content.reader("b"), &answer(&post, &first, "theirs")).await;
    reader.delete(&path(&second)).await;
    let mine: MyComments = reader.get("/api/comments/mine").await.json(200);
    assert_eq!((mine.total, mine.items.len(), mine.items[0].replies), (1, 1, 1));
    assert_eq!(mine.items[0].post_title.as_ref(), Some(&post.title));
    let trash: MyComments = reader.get("/api/comments/mine?trashed=true").await.json(200);
    assert_eq!((trash.items[0].id.as_str(), trash.items[0].can_restore), (second.id.as_str(), true));
    content.client.get("/api/comments/mine").await.problem(401);
    let none: MyComments = content.reader("c").get("/api/comments/mine").await.json(200);
    assert_eq!(none, MyComments::default());
}

async fn posts_can_be_closed(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    content.others.close(&post.post_id);
    let problem = content.reader("a").post("/api/comments", &input(&post, "hello")).await.problem(403);
    assert_eq!(problem.code, "comments_closed");
    assert!(!list(&content.client, &post).await.open);
}

async fn the_same_twice_is_once(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let reader = content.reader("a");
    let (one, other) = (input(&post, "Buy now"), input(&post, "buy  NOW "));
    let (left, right) =
        futures_util::future::join(reader.post("/api/comments", &one), reader.post("/api/comments", &other)).await;
    let mut statuses = [left.status.as_u16(), right.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    // Somebody else may say it, and elsewhere.
    write(&content.reader("b"), &input(&post, "Buy now")).await;
    write(&reader, &input(&content.post(), "Buy now")).await;
    content.heard(&post.post_id, 2, 0).await;
}

async fn too_much_at_once_is_too_much(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let reader = content.reader("a");
    for n in 0..6 {
        write(&reader, &input(&post, &format!("text {n}"))).await;
    }
    let refused = reader.post("/api/comments", &input(&post, "one more")).await;
    assert!(refused.headers.contains_key("retry-after"));
    refused.problem(429);
    write(&content.reader("b"), &input(&post, "not concerned")).await;
    content.shared.advance(time::Duration::seconds(21));
    write(&content.reader("a"), &input(&post, "later")).await;
}

async fn markdown_is_limited(backend: Backend) {
    let content = Content::start(backend).await;
    let source = "<script>alert(1)</script> [x](javascript:alert(1)) ![i](https://e.example/i.png) # no\n\n# head";
    let preview: Preview = content.client.post("/api/comments/preview", &json!({ "content": source })).await.json(200);
    for bad in ["<script", "href=\"javascript", "<img", "<h1", "<h2"] {
        assert!(!preview.html.contains(bad), "{}", preview.html);
    }
    let post = content.post();
    assert_eq!(write(&content.admin(), &input(&post, source)).await.html, preview.html);
    let long = json!({ "content": "x".repeat(5_001) });
    let field = content.client.post("/api/comments/preview", &long).await.field_error();
    assert_eq!(field, ("content".into(), "too_long".into()));
}
