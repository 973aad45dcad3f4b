//! What is not a page.

use bytes::Bytes;
use contracts::page::{PageInput, PageStatus};
use http::Method;
use kit::testing::Backend;

use crate::support::{Pages, path, published, write};

kit::on_both_databases!(bodies_are_checked, rules_are_named_by_field, odd_text_is_kept_or_cleaned);

async fn bodies_are_checked(backend: Backend) {
    let pages = Pages::start(backend).await;
    let admin = pages.admin();
    let send = async |body: &'static str| {
        admin.send(Method::POST, "/api/pages", Some("application/json"), Bytes::from_static(body.as_bytes())).await
    };
    assert_eq!(send("{").await.problem(400).code, "malformed_json");
    assert_eq!(send("{}").await.field_error(), ("title".into(), "required".into()));
    let cases = [
        (r#"{"title":"x","content":"","colour":1}"#, "colour", "unknown"),
        (r#"{"title":"x","content":"","type":"BOOK"}"#, "type", "invalid"),
        (r#"{"title":"x","content":"","template":"loud"}"#, "template", "invalid"),
        (r#"{"title":"x","content":"","status":"LOUD"}"#, "status", "invalid"),
        (r#"{"title":"x","content":"","pinned":"yes"}"#, "pinned", "wrong_type"),
    ];
    for (body, field, code) in cases {
        assert_eq!(send(body).await.field_error(), (field.into(), code.into()));
    }
    admin.send(Method::POST, "/api/pages", Some("text/plain"), Bytes::from("{}")).await.problem(415);
    admin.send(Method::PATCH, "/api/pages", None, Bytes::new()).await.problem(405);
}

async fn rules_are_named_by_field(backend: Backend) {
    let pages = Pages::start(backend).await;
    let admin = pages.admin();
    let cases = [
        (PageInput { title: " ".into(), ..published("x") }, "title", "required"),
        (PageInput { title: "가".repeat(201), ..published("x") }, "title", "too_long"),
        (PageInput { content: "x".repeat(200_001), ..published("x") }, "content", "too_long"),
        (PageInput { badge: Some("x".repeat(21)), ..published("x") }, "badge", "too_long"),
        (PageInput { locale: Some("fr".into()), ..published("x") }, "locale", "invalid"),
        (PageInput { slug: Some("!!!".into()), ..published("x") }, "slug", "invalid"),
        (PageInput { status: Some(PageStatus::Trashed), ..published("x") }, "status", "invalid"),
    ];
    let page = write(&admin, &published("Good")).await;
    for (input, field, code) in cases {
        let expected = (field.to_owned(), code.to_owned());
        assert_eq!(admin.post("/api/pages", &input).await.field_error(), expected);
        let change = PageInput { version: Some(1), ..input };
        assert_eq!(admin.put(&path(&page), &change).await.field_error(), expected);
    }
}

async fn odd_text_is_kept_or_cleaned(backend: Backend) {
    let pages = Pages::start(backend).await;
    let input = PageInput {
        content: "nul \u{0} and <script>alert('x')</script> and 🦀 and '; DROP TABLE pages; --".into(),
        ..published("It's \u{0} \"odd\" 🦀")
    };
    let page = write(&pages.admin(), &input).await;
    assert!(!page.html.contains("<script") && page.html.contains("🦀"), "{}", page.html);
    assert_eq!((page.summary.title.as_str(), page.summary.slug.as_str()), ("It's \"odd\" 🦀", "its-odd"));
}
