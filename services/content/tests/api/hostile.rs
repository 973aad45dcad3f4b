//! What is not a comment, and what is not for everybody.

use bytes::Bytes;
use contracts::content::{CommentChange, CommentInput};
use http::Method;
use kit::testing::Backend;
use serde_json::json;

use crate::support::{Content, act, answer, delete_with, input, list, path, write};

kit::on_both_databases!(
    bodies_are_checked,
    rules_are_named_by_field,
    parents_are_of_the_same_post,
    somebody_elses_is_not_mine,
    odd_text_is_kept_or_cleaned,
    internal_routes_need_the_service_token,
    the_document_names_every_route,
);

async fn bodies_are_checked(backend: Backend) {
    let content = Content::start(backend).await;
    let reader = content.reader("a");
    let send = async |body: String| {
        reader.send(Method::POST, "/api/comments", Some("application/json"), Bytes::from(body)).await
    };
    send("{".into()).await.problem(400);
    assert_eq!(send("{}".into()).await.field_error(), ("post_id".into(), "required".into()));
    let field = send(r#"{"post_id":"x","content":"x","colour":1}"#.into()).await.field_error();
    assert_eq!(field, ("colour".into(), "unknown".into()));
    let field = send(r#"{"post_id":"x","content":1}"#.into()).await.field_error();
    assert_eq!(field, ("content".into(), "wrong_type".into()));
    send(json!({ "post_id": "x", "content": "x".repeat(3 << 20) }).to_string()).await.problem(413);
    reader.send(Method::POST, "/api/comments", Some("text/plain"), Bytes::from("{}")).await.problem(415);
    reader.send(Method::PATCH, "/api/comments", None, Bytes::new()).await.problem(405);
    for id in ["x", "%00", "%FF", "00000000-0000-7000-8000-000000000000"] {
        let url = format!("/api/comments/{id}");
        reader.get(&url).await.problem(404);
        reader.delete(&url).await.problem(404);
        reader.put(&url, &json!({ "content": "x" })).await.problem(404);
        act(&reader, &format!("{url}/restore")).await.problem(404);
        act(&reader, &format!("{url}/like")).await.problem(404);
        reader.post(&format!("{url}/report"), &json!({ "reason": "SPAM" })).await.problem(404);
        act(&content.admin(), &format!("{url}/approve")).await.problem(404);
        reader.post("/api/comments", &json!({ "post_id": id, "content": "x" })).await.problem(404);
    }
}

async fn rules_are_named_by_field(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let guest = |name: &str, password: &str| CommentInput {
        guest_name: Some(name.to_owned()),
        guest_password: Some(password.to_owned()),
        ..input(&post, "hello")
    };
    let long = "가".repeat(51);
    let cases = [
        (guest("", "password"), "guest_name", "required"),
        (guest(&long, "password"), "guest_name", "too_long"),
        (guest("me", ""), "guest_password", "required"),
        (guest("me", "123"), "guest_password", "too_short"),
        (guest("me", &"x".repeat(129)), "guest_password", "too_long"),
        (CommentInput { content: " \n\u{200b}".into(), ..guest("me", "password") }, "content", "required"),
        (CommentInput { content: "가".repeat(5_001), ..guest("me", "password") }, "content", "too_long"),
    ];
    for (input, field, code) in cases {
        let error = content.client.post("/api/comments", &input).await.field_error();
        assert_eq!(error, (field.to_owned(), code.to_owned()));
    }
}

async fn parents_are_of_the_same_post(backend: Backend) {
    let content = Content::start(backend).await;
    let (post, other) = (content.post(), content.post());
    let reader = content.reader("a");
    let foreign = write(&reader, &input(&other, "elsewhere")).await;
    let gone = write(&reader, &input(&post, "gone")).await;
    reader.delete(&path(&gone)).await;
    let draft = content.others.post("author", contracts::blog::PostStatus::Draft);
    let hidden = write(&content.author(), &input(&draft, "draft")).await;
    let mut messages = Vec::new();
    for parent in [foreign.id.as_str(), gone.id.as_str(), hidden.id.as_str(), post.post_id.as_str(), "nonsense"] {
        let reply = CommentInput { parent_id: Some(parent.to_owned()), ..input(&post, "reply") };
        let problem = content.reader("b").post("/api/comments", &reply).await.problem(422);
        assert_eq!(problem.errors[0].field, "parent_id");
        messages.push(problem.errors[0].message.clone());
        content.shared.advance(time::Duration::minutes(1));
    }
    messages.dedup();
    assert_eq!(messages.len(), 1, "nothing is told of what is there");
    assert_eq!(list(&content.client, &post).await.items, []);
}

async fn somebody_elses_is_not_mine(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let comment = write(&content.reader("a"), &input(&post, "mine")).await;
    let change = CommentChange { content: "theirs".into(), password: Some("x".into()), ..CommentChange::default() };
    // The post's author and admins moderate, but put nothing in anybody's mouth.
    for other in [content.client.clone(), content.reader("b"), content.author(), content.admin()] {
        other.put(&path(&comment), &change).await.problem(403);
    }
    for other in [content.client.clone(), content.reader("b"), content.author()] {
        other.delete(&path(&comment)).await.problem(403);
        delete_with(&other, &path(&comment), "password").await.problem(403);
    }
    let page = list(&content.reader("b"), &post).await;
    assert!(page.items.iter().all(|comment| !comment.mine && !comment.can_edit && comment.content.is_none()));
    assert_eq!(page.items[0].html.trim(), "<p>mine</p>");
}

async fn odd_text_is_kept_or_cleaned(backend: Backend) {
    let content = Content::start(backend).await;
    let post = content.post();
    let text = "nul \u{0}, 🦀, '; DROP TABLE comments; -- and <b onclick=x>tags</b>";
    let comment = write(&content.reader("a"), &input(&post, text)).await;
    assert!(comment.html.contains("🦀") && !comment.html.contains("<b"), "{}", comment.html);
    assert!(!comment.content.expect("mine").contains('\0'));
    let reply = write(&content.reader("b"), &answer(&post, &list(&content.client, &post).await.items[0], "ok")).await;
    assert!(reply.parent_id.is_some());
}

async fn internal_routes_need_the_service_token(backend: Backend) {
    let content = Content::start(backend).await;
    for caller in [content.client.clone(), content.admin()] {
        caller.get("/internal/posts/counts").await.problem(401);
        act(&caller, "/internal/reconcile").await.problem(401);
        caller.put("/internal/import/comments", &json!({})).await.problem(401);
    }
}

async fn the_document_names_every_route(backend: Backend) {
    let content = Content::start(backend).await;
    let document: serde_json::Value = content.client.get("/openapi.json").await.json(200);
    let paths = document["paths"].as_object().expect("paths");
    for path in
        ["/api/comments", "/api/comments/{id}", "/api/likes/{post}/toggle", "/api/bookmarks", "/internal/reconcile"]
    {
        assert!(paths.contains_key(path), "{path}");
    }
    let mut ids: Vec<&str> = paths
        .values()
        .flat_map(|item| item.as_object().expect("an item").values())
        .filter_map(|one| one["operationId"].as_str())
        .collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "each operation has a name of its own");
    let schemas = &document["components"]["schemas"];
    assert!(schemas["Comment"]["properties"]["replies"].is_object());
    assert!(schemas["Report"]["properties"]["by_member"].is_object());
    assert!(schemas["ReconciliationReport"]["properties"]["checks"].is_object());
}
