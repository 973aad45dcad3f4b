//! What is not a post.

use bytes::Bytes;
use contracts::blog::{PostInput, PostStatus};
use http::Method;
use kit::testing::{Answer, Backend};
use serde_json::json;

use crate::support::{Blog, path, public, write};

kit::on_both_databases!(bodies_are_checked, rules_are_named_by_field, odd_text_is_kept_or_cleaned);

async fn bodies_are_checked(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let send = async |content_type: Option<&str>, body: &'static str| -> Answer {
        author.send(Method::POST, "/api/posts", content_type, Bytes::from_static(body.as_bytes())).await
    };
    let json = Some("application/json");
    assert_eq!(send(json, "{").await.problem(400).code, "malformed_json");
    assert_eq!(send(json, "").await.problem(400).code, "malformed_json");
    assert_eq!(send(Some("text/plain"), "{}").await.problem(415).code, "unsupported_media_type");
    assert_eq!(send(None, "{}").await.problem(415).code, "unsupported_media_type");
    assert_eq!(send(json, "{}").await.field_error(), ("title".into(), "required".into()));
    assert_eq!(send(json, r#"{"title":1,"content":""}"#).await.field_error(), ("title".into(), "wrong_type".into()));
    let unknown = send(json, r#"{"title":"x","content":"","colour":"red"}"#).await;
    assert_eq!(unknown.field_error(), ("colour".into(), "unknown".into()));
    let status = send(json, r#"{"title":"x","content":"","status":"LOUD"}"#).await;
    assert_eq!(status.field_error(), ("status".into(), "invalid".into()));
    let large = json!({ "title": "x", "content": "x".repeat(10 * 1024 * 1024) });
    assert_eq!(author.post("/api/posts", &large).await.problem(413).code, "too_large");
    author.send(Method::PATCH, "/api/posts", None, Bytes::new()).await.problem(405);
}

async fn rules_are_named_by_field(backend: Backend) {
    let blog = Blog::start(backend).await;
    let author = blog.author();
    let cases = [
        (PostInput { title: " ".into(), ..public("x") }, "title", "required"),
        (PostInput { title: "가".repeat(201), ..public("x") }, "title", "too_long"),
        (PostInput { content: "x".repeat(500_001), ..public("x") }, "content", "too_long"),
        (PostInput { excerpt: Some("x".repeat(501)), ..public("x") }, "excerpt", "too_long"),
        (PostInput { cover: Some("http://plain.example/x.png".into()), ..public("x") }, "cover", "invalid"),
        (PostInput { category: Some("nothing".into()), ..public("x") }, "category", "unknown"),
        (PostInput { tags: (0..21).map(|n| n.to_string()).collect(), ..public("x") }, "tags", "too_many"),
        (PostInput { slug: Some("!!!".into()), ..public("x") }, "slug", "invalid"),
    ];
    for (input, field, code) in cases {
        assert_eq!(author.post("/api/posts", &input).await.field_error(), (field.to_owned(), code.to_owned()));
    }
    let post = write(&author, &public("Good")).await;
    let trash = PostInput { status: Some(PostStatus::Trashed), version: Some(1), ..public("x") };
    for answer in [author.post("/api/posts", &trash).await, author.put(&path(&post), &trash).await] {
        assert_eq!(answer.field_error(), ("status".into(), "invalid".into()));
    }
}

async fn odd_text_is_kept_or_cleaned(backend: Backend) {
    let blog = Blog::start(backend).await;
    let post = write(
        &blog.author(),
        &PostInput {
            content: "nul \u{0} and <script>alert('x')</script> and 🦀 and '; DROP TABLE posts; --".into(),
            ..public("It's \u{0} \"odd\" 🦀")
        },
    )
    .await;
    assert!(!post.html.contains("<script") && post.html.contains("🦀"), "{}", post.html);
    assert_eq!(post.summary.title, "It's  \"odd\" 🦀");
    assert_eq!(post.summary.slug, "its-odd");
}
