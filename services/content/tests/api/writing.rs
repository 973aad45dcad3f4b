//! Members write, change and delete.

use contracts::{
    content::{CLIENT_ADDRESS, Comment, CommentChange, MyComments, Preview, QueuePage},
    module::Role,
};
use kit::testing::Backend;
use serde_json::json;

use crate::support::{Content, answer, input, list, path, seen, write};

kit::on_both_databases!(
    a_member_changes_their_own_comment,
    a_stale_change_is_refused,
    my_comments_are_mine,
    posts_can_be_closed,
    the_same_twice_is_once,
    the_same_on_another_post_waits,
    the_same_at_once_on_two_posts_is_shown_once,
    too_much_at_once_is_too_much,
    many_accounts_at_one_address_are_limited_together,
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

/// Longer than what many say without knowing of each other.
const PITCH: &str = "Ten per cent off everything until Sunday";
/// The same to who reads it.
const PITCH_AGAIN: &str = "ten per cent off  EVERYTHING until sunday\n";

async fn the_same_on_another_post_waits(backend: Backend) {
    let content = Content::start(backend).await;
    let (post, other, third) = (content.post(), content.post(), content.post());
    let reader = content.reader("a");
    let first = write(&reader, &input(&post, PITCH)).await;
    assert!(!first.is_pending);
    // On the same post it was said, whatever it answers.
    let problem = reader.post("/api/comments", &answer(&post, &first, PITCH_AGAIN)).await.problem(409);
    assert_eq!(problem.code, "duplicate_comment");
    // On another it waits, and from another account at that address as well.
    assert!(write(&reader, &input(&other, PITCH_AGAIN)).await.is_pending);
    for post in [&post, &third] {
        assert!(write(&content.reader("b"), &input(post, PITCH)).await.is_pending);
    }
    // A change says it too.
    let harmless = write(&reader, &input(&third, "Something else altogether")).await;
    assert!(!harmless.is_pending);
    let changed: Comment = reader.put(&path(&harmless), &change(PITCH)).await.json(200);
    assert!(changed.is_pending);
    assert_eq!(
        (seen(&content.client, &other).await, seen(&content.client, &third).await),
        (String::new(), String::new())
    );
    let queue: QueuePage = content.admin().get("/api/comments/queue?state=pending").await.json(200);
    let mut reasons: Vec<_> = queue.items.iter().map(|item| item.held_for.join(",")).collect();
    reasons.sort_unstable();
    assert_eq!(reasons, ["edited,repeated", "repeated", "repeated", "repeated"]);

    // Neither what many say waits, nor who comes from elsewhere, nor who answers on their own posts.
    for post in [&post, &other] {
        assert!(!write(&content.reader("c"), &input(post, "Congratulations!")).await.is_pending);
        assert!(!write(&content.author(), &input(post, PITCH)).await.is_pending);
    }
    assert!(!write(&content.author(), &answer(&post, &first, PITCH)).await.is_pending);
    let elsewhere = content.reader("d").with_header(CLIENT_ADDRESS, "198.51.100.4");
    assert!(!write(&elsewhere, &input(&other, PITCH)).await.is_pending);
    content.shared.advance(time::Duration::hours(25));
    assert!(!write(&content.reader("a"), &input(&content.post(), PITCH)).await.is_pending);
}

async fn the_same_at_once_on_two_posts_is_shown_once(backend: Backend) {
    let content = Content::start(backend).await;
    let reader = content.reader("a");
    let (left, right) = (input(&content.post(), PITCH), input(&content.post(), PITCH));
    let (left, right) = futures_util::future::join(write(&reader, &left), write(&reader, &right)).await;
    assert_ne!(left.is_pending, right.is_pending);
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

async fn many_accounts_at_one_address_are_limited_together(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let mut statuses = Vec::new();
    for n in 0..45 {
        let answer = content.reader(&format!("m{n}")).post("/api/comments", &input(&post, &format!("text {n}"))).await;
        statuses.push(answer.status.as_u16());
    }
    assert!(statuses[..30].iter().all(|status| *status == 201), "an office has room: {statuses:?}");
    assert!(statuses[30..].contains(&429), "{statuses:?}");
    let elsewhere = content.reader("x").with_header(CLIENT_ADDRESS, "198.51.100.4");
    write(&elsewhere, &input(&post, "not concerned")).await;
    write(&content.user("writer", Role::Author), &input(&post, "nor are authors")).await;
    content.shared.advance(time::Duration::seconds(10));
    write(&content.reader("y"), &input(&post, "later")).await;
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
