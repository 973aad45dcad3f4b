//! Guests: a name, a password, and a token that their browser keeps.

use contracts::content::{Comment, CommentChange, CommentInput, QueuePage, WRITER_TOKEN, Written};
use kit::testing::{Backend, Client};

use crate::support::{Content, act, answer, by_guest, delete_with, input, list, path, seen, write, write_as_guest};

kit::on_both_databases!(
    a_first_comment_waits_and_its_writer_sees_it,
    a_known_guest_need_not_wait,
    a_guest_changes_and_deletes_with_the_password,
    passwords_cannot_be_guessed,
    a_name_of_a_member_is_taken,
    the_trap_is_for_programs,
    what_guests_say_of_themselves_has_limits_for_members_too,
    guests_can_be_shut_out,
    a_token_is_one_that_we_made,
);

fn change(text: &str, password: &str) -> CommentChange {
    CommentChange { content: text.to_owned(), password: Some(password.to_owned()), ..CommentChange::default() }
}

/// A visible comment of a guest.
async fn approved(content: &Content, guest: &Client, text: &str) -> (Comment, Client) {
    let post = content.post();
    let (comment, guest) = write_as_guest(guest, &by_guest(&post, text)).await;
    assert_eq!(act(&content.admin(), &format!("{}/approve", path(&comment))).await.status, 204);
    (comment, guest)
}

async fn a_first_comment_waits_and_its_writer_sees_it(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let (comment, guest) = write_as_guest(&content.guest("198.51.100.7"), &by_guest(&post, "hello")).await;
    assert!(comment.is_pending && comment.mine && comment.is_guest && comment.author_id.is_none());
    assert_eq!(seen(&guest, &post).await, "hello");
    assert_eq!(list(&guest, &post).await.comments, 0);
    // Nobody else: not from the same address, not the post's author.
    for other in [content.guest("198.51.100.7"), content.reader("a"), content.author()] {
        assert_eq!(seen(&other, &post).await, "");
        other.get(&path(&comment)).await.problem(404);
    }
    let queue: QueuePage = content.admin().get("/api/comments/queue").await.json(200);
    assert_eq!((queue.items[0].held_for.clone(), queue.counts.pending), (vec!["first_comment".to_owned()], 1));
    content.heard(&post.post_id, 0, 0).await;
    assert_eq!(act(&content.admin(), &format!("{}/approve", path(&comment))).await.status, 204);
    content.heard(&post.post_id, 1, 0).await;
    assert_eq!(seen(&content.client, &post).await, "hello");
}

async fn a_known_guest_need_not_wait(backend: Backend) {
    let content = Content::start(backend).await;
    let (_, guest) = approved(&content, &content.guest("198.51.100.7"), "first").await;
    let post = content.post();
    let again: Written = guest.post("/api/comments", &by_guest(&post, "second")).await.json(201);
    assert!(!again.comment.is_pending && again.writer_token.is_none());
    // The same address and name are known too, when the browser forgot the token.
    let (third, _) = write_as_guest(&content.guest("198.51.100.7"), &by_guest(&post, "third")).await;
    assert!(!third.is_pending);
    let other = CommentInput { guest_name: Some("Another".into()), ..by_guest(&post, "fourth") };
    let (fourth, _) = write_as_guest(&content.guest("198.51.100.7"), &other).await;
    assert!(fourth.is_pending);
}

async fn a_guest_changes_and_deletes_with_the_password(backend: Backend) {
    let content = Content::start(backend).await;
    let (comment, guest) = approved(&content, &content.guest("198.51.100.7"), "first").await;
    let elsewhere = content.guest("203.0.113.9");
    let shown: Comment = elsewhere.get(&path(&comment)).await.json(200);
    assert!(shown.can_edit && shown.can_delete && !shown.mine && shown.content.is_none());
    let changed: Comment = elsewhere.put(&path(&comment), &change("second", "pass word")).await.json(200);
    assert_eq!(changed.html.trim(), "<p>second</p>");
    // The token alone is not the password.
    let field = guest.put(&path(&comment), &CommentChange { password: None, ..change("x", "") }).await.field_error();
    assert_eq!(field, ("password".into(), "required".into()));
    let problem = guest.put(&path(&comment), &change("third", "passw0rd")).await.problem(403);
    assert_eq!((problem.code.as_str(), problem.errors[0].field.as_str()), ("wrong_password", "password"));
    guest.delete(&path(&comment)).await.problem(422);
    delete_with(&guest, &path(&comment), "wrong").await.problem(403);
    assert_eq!(delete_with(&guest, &path(&comment), "pass word").await.status, 204);
    guest.get(&path(&comment)).await.problem(404);
    let restore = format!("{}/restore", path(&comment));
    act(&guest, &restore).await.problem(422);
    let body = serde_json::json!({ "password": "pass word" });
    assert_eq!(guest.post(&restore, &body).await.status, 204);
    guest.get(&path(&comment)).await.json::<Comment>(200);
    // Deleted by an admin it stays deleted.
    assert_eq!(content.admin().delete(&path(&comment)).await.status, 204);
    guest.post(&restore, &body).await.problem(403);
}

async fn passwords_cannot_be_guessed(backend: Backend) {
    let content = Content::start(backend).await;
    let (comment, _) = approved(&content, &content.guest("198.51.100.7"), "first").await;
    let thief = content.guest("203.0.113.9");
    for n in 0..5 {
        delete_with(&thief, &path(&comment), &format!("guess {n}")).await.problem(403);
    }
    // Not even the right one, and not by another door.
    delete_with(&thief, &path(&comment), "pass word").await.problem(429);
    thief.put(&path(&comment), &change("x", "pass word")).await.problem(429);
    // With many addresses there is an end too.
    let mut refused = 0;
    for n in 0..40 {
        let answer = delete_with(&content.guest(&format!("203.0.113.{n}")), &path(&comment), "guess").await;
        refused += u32::from(answer.status == 429);
    }
    assert!(refused > 0);
    content.shared.advance(time::Duration::hours(1));
    assert_eq!(delete_with(&content.guest("198.51.100.7"), &path(&comment), "pass word").await.status, 204);
}

async fn a_name_of_a_member_is_taken(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    content.others.member("m", "홍길동");
    let named = |name: &str| CommentInput { guest_name: Some(name.to_owned()), ..by_guest(&post, "hello") };
    for name in ["홍길동", " 홍길동\u{200b} "] {
        let field = content.client.post("/api/comments", &named(name)).await.field_error();
        assert_eq!(field, ("guest_name".into(), "taken".into()));
    }
    content.client.post("/api/comments", &named("홍길동2")).await.json::<Written>(201);
}

async fn the_trap_is_for_programs(backend: Backend) {
    let content = Content::start(backend).await;
    let trapped = CommentInput { website: Some("https://spam.example".into()), ..by_guest(&content.post(), "hello") };
    let field = content.client.post("/api/comments", &trapped).await.field_error();
    assert_eq!(field, ("website".into(), "must_be_empty".into()));
}

async fn what_guests_say_of_themselves_has_limits_for_members_too(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let long = |length: usize| Some("가".repeat(length));
    let cases = [
        (CommentInput { guest_name: long(51), ..input(&post, "hello") }, "guest_name"),
        (CommentInput { guest_password: long(129), ..input(&post, "hello") }, "guest_password"),
    ];
    for (comment, field) in cases {
        let refused = content.reader("a").post("/api/comments", &comment).await.field_error();
        assert_eq!(refused, (field.into(), "too_long".into()));
    }
    let filled = CommentInput { guest_name: long(50), guest_password: long(128), ..input(&post, "hello") };
    assert_eq!(write(&content.reader("a"), &filled).await.author_id.as_deref(), Some("a"));
}

async fn guests_can_be_shut_out(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    content.set(|settings| settings.guests_allowed = false).await;
    let problem = content.client.post("/api/comments", &by_guest(&post, "hello")).await.problem(403);
    assert_eq!(problem.code, "guests_not_allowed");
    let page = list(&content.client, &post).await;
    assert!(!page.open && !page.guests_allowed && list(&content.reader("a"), &post).await.open);
    write(&content.reader("a"), &input(&post, "hello")).await;
}

async fn a_token_is_one_that_we_made(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    for odd in ["x", "' OR 1=1 --", &"g".repeat(64), &"a".repeat(65)] {
        let guest = content.guest("198.51.100.8").with_header(WRITER_TOKEN, odd);
        assert_eq!(seen(&guest, &post).await, "");
    }
    let (comment, guest) = write_as_guest(&content.guest("198.51.100.8"), &by_guest(&post, "mine")).await;
    // Who signs in is not the guest any more; nobody answers what waits.
    let token = content.shared.token("a", "A", contracts::module::Role::User);
    assert_eq!(seen(&guest.with_token(&token), &post).await, "");
    let reply = CommentInput { parent_id: Some(comment.id.clone()), ..by_guest(&post, "again") };
    let field = guest.post("/api/comments", &reply).await.field_error();
    assert_eq!(field, ("parent_id".into(), "unknown".into()));
    content.reader("b").post("/api/comments", &answer(&post, &comment, "hm")).await.field_error();
}
