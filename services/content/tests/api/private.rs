//! Private comments.

use contracts::content::{Comment, CommentChange, CommentInput};
use kit::testing::Backend;

use crate::support::{Content, answer, by_guest, input, list, path, seen, write, write_as_guest};

kit::on_both_databases!(
    private_is_between_the_writer_and_the_author,
    answers_in_private_stay_private,
    a_guest_can_write_in_private,
    a_comment_can_become_private,
);

fn secret(input: CommentInput) -> CommentInput {
    CommentInput { is_private: true, ..input }
}

async fn private_is_between_the_writer_and_the_author(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let writer = content.reader("a");
    let comment = write(&writer, &secret(input(&post, "psst"))).await;
    for allowed in [&writer, &content.author(), &content.admin()] {
        assert_eq!(seen(allowed, &post).await, "psst");
        allowed.get(&path(&comment)).await.json::<Comment>(200);
    }
    for other in [&content.client, &content.reader("b"), &content.user("author2", contracts::module::Role::Author)] {
        assert_eq!(list(other, &post).await.items, []);
        other.get(&path(&comment)).await.problem(404);
        other.delete(&path(&comment)).await.problem(404);
        let change = CommentChange { content: "x".into(), ..CommentChange::default() };
        other.put(&path(&comment), &change).await.problem(404);
        other.post(&format!("{}/report", path(&comment)), &serde_json::json!({ "reason": "SPAM" })).await.problem(404);
        other.post(&format!("{}/like", path(&comment)), &()).await.problem(404);
    }
    content.reader("b").post("/api/comments", &answer(&post, &comment, "what?")).await.field_error();
    content.heard(&post.post_id, 0, 0).await;
}

async fn answers_in_private_stay_private(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let writer = content.reader("a");
    let comment = write(&writer, &secret(input(&post, "question"))).await;
    let reply = write(&content.author(), &answer(&post, &comment, "reply")).await;
    assert!(reply.is_private, "without being asked to");
    assert_eq!(seen(&writer, &post).await, "question(reply)");
    assert_eq!(seen(&content.reader("b"), &post).await, "");
    writer.get(&path(&reply)).await.json::<Comment>(200);
    let open = CommentChange { content: "reply".into(), is_private: Some(false), ..CommentChange::default() };
    let field = content.author().put(&path(&reply), &open).await.field_error();
    assert_eq!(field, ("is_private".into(), "invalid".into()));
    // A private answer to a public comment is for the author, not for whom it answers.
    let public = write(&writer, &input(&post, "public")).await;
    write(&content.reader("b"), &secret(answer(&post, &public, "aside"))).await;
    assert_eq!(seen(&writer, &post).await, "question(reply) public");
    assert_eq!(seen(&content.author(), &post).await, "question(reply) public(aside)");
    assert_eq!(seen(&content.reader("b"), &post).await, "public(aside)");
}

async fn a_guest_can_write_in_private(backend: Backend) {
    let content = Content::start(backend).await;
    content.set(|settings| settings.hold_first_guest = false).await;
    let post = content.post();
    let (comment, guest) = write_as_guest(&content.client, &secret(by_guest(&post, "psst"))).await;
    write(&content.author(), &answer(&post, &comment, "yes?")).await;
    assert_eq!(seen(&guest, &post).await, "psst(yes?)");
    assert_eq!(seen(&content.client, &post).await, "");
}

async fn a_comment_can_become_private(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let writer = content.reader("a");
    let comment = write(&writer, &input(&post, "open")).await;
    write(&content.reader("b"), &answer(&post, &comment, "reply")).await;
    content.heard(&post.post_id, 2, 0).await;
    let close = CommentChange { content: "closed".into(), is_private: Some(true), ..CommentChange::default() };
    writer.put(&path(&comment), &close).await.json::<Comment>(200);
    assert_eq!(seen(&content.client, &post).await, "-(reply)");
    assert_eq!(seen(&writer, &post).await, "closed(reply)");
    content.heard(&post.post_id, 1, 0).await;
}
