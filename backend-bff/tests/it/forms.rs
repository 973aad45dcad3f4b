//! Form actions, with and without JavaScript.

use axum::body::Body;
use backend_bff::{Upstream, Upstreams};
use contracts::{
    blog::PostStatus,
    module::{FormOutcome, FormState},
};
use http::{Method, Request, StatusCode, header};

use crate::{
    services::PASSWORD,
    site::{Reply, Site},
};

pub(crate) fn form_state(reply: &Reply) -> FormState {
    serde_json::from_str(reply.between("<pre>", "</pre>")).expect("a form state")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_in_without_javascript() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let fields = [("email", "author@maru.example"), ("password", "wrong password")];
    let refused = browser.post("/forms/login?next=%2Fadmin", &fields).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.boot()["request"]["query"], "next=%2Fadmin");
    let state = form_state(&refused);
    assert_eq!((state.form.as_str(), state.problem.as_deref()), ("login", Some("wrong_credentials")));
    assert_eq!(state.values["email"], "author@maru.example");
    assert!(!refused.text().contains("wrong password"), "a password is never kept");
    assert_eq!(refused.header("cache-control"), "private, no-store");

    let fields = [("email", "author@maru.example"), ("password", PASSWORD), ("next", "/admin")];
    let done = browser.post("/forms/login", &fields).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/admin"));
    let cookies: Vec<_> = done.headers.get_all(header::SET_COOKIE).iter().collect();
    for cookie in cookies {
        let cookie = cookie.to_str().expect("text");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && !cookie.contains("access-"));
    }
    let page = browser.get("/admin").await;
    assert!(page.text().contains("data-flash=\"signed_in\"") && page.text().contains("<p>author</p>"));
    assert!(browser.get("/admin").await.text().contains("data-flash=\"\""), "a flash is shown once");

    let out = browser.post("/forms/logout", &[]).await;
    assert_eq!((out.status.as_u16(), out.header("location")), (303, "/"));
    assert_eq!(browser.get("/admin").await.status, 303);
    assert_eq!(browser.get("/bff/session").await.text(), "null");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_in_with_javascript() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.script = true;
    let refused = browser.post("/forms/login", &[("email", "author@maru.example"), ("password", "wrong")]).await;
    assert_eq!(refused.problem(422).code, "wrong_credentials");
    let missing = browser.post("/forms/login", &[("email", "")]).await.problem(422);
    let fields: Vec<_> = missing.errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect();
    assert_eq!(fields, [("email", "required"), ("password", "required")]);
    let done = browser.post("/forms/login", &[("email", "author@maru.example"), ("password", PASSWORD)]).await;
    let outcome: FormOutcome = done.json();
    assert_eq!((outcome.location.as_str(), outcome.session_changed), ("/", true));
    let viewer: serde_json::Value = browser.get("/bff/session").await.json();
    assert_eq!((&viewer["name"], &viewer["role"]), (&"author".into(), &"AUTHOR".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_is_kept_beside_what_is_wrong() {
    let site = Site::start().await;
    let fields = [("email", "taken@maru.example"), ("name", "<b>Kim</b>"), ("password", PASSWORD)];
    let refused = site.browser().post("/forms/register", &fields).await;
    assert_eq!(refused.status, 422);
    let state = form_state(&refused);
    assert_eq!(state.values["name"], "<b>Kim</b>");
    assert_eq!((state.errors[0].field.as_str(), state.errors[0].code.as_str()), ("email", "taken"));
    assert_eq!(state.values.get("password"), None);

    let mut author = site.signed_in("author").await;
    let long = "x".repeat(60);
    let refused = author.post("/forms/settings", &[("name", &long), ("bio", "")]).await;
    assert_eq!((refused.status.as_u16(), form_state(&refused).errors[0].field.as_str()), (422, "name"));
    assert_eq!(author.post("/forms/settings", &[("name", "Renamed"), ("bio", "")]).await.status, 303);
    assert!(author.get("/my/settings").await.text().contains("<p>Renamed</p>"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writing_a_post() {
    let site = Site::start().await;
    let mut author = site.signed_in("author").await;
    let fields = [
        ("title", "Hello"),
        ("slug", "taken"),
        ("tags", "one, two ,,three"),
        ("content", "a\r\nb"),
        ("status", "PUBLIC"),
    ];
    let refused = author.post("/forms/posts", &fields).await;
    assert_eq!(refused.status, 422);
    let state = form_state(&refused);
    assert_eq!((state.form.as_str(), state.errors[0].field.as_str()), ("posts", "slug"));
    assert_eq!(state.values["content"], "a\r\nb");

    let fields: Vec<_> = fields.into_iter().filter(|(name, _)| *name != "slug").collect();
    let done = author.post("/forms/posts", &fields).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/admin/posts"));
    let saved = site.calls.saved.lock().expect("not poisoned").take().expect("a saved post");
    assert_eq!((saved.content.as_str(), saved.tags.len()), ("a\nb", 3));
    assert_eq!(saved.status, Some(PostStatus::Public));

    let stale = author.post("/forms/posts/hello", &[("title", "Hello"), ("version", "2")]).await;
    assert_eq!(stale.status, 409);
    assert_eq!(form_state(&stale).problem.as_deref(), Some("stale_version"));
    assert_eq!(author.post("/forms/posts/hello", &[("title", "Hello"), ("version", "3")]).await.status, 303);
    assert_eq!(author.post("/forms/posts/%EB%A7%88/publish", &[("version", "3")]).await.status, 303);
    let saved = site.calls.saved.lock().expect("not poisoned").take().expect("a saved post");
    assert_eq!((saved.status, saved.slug.as_deref()), (Some(PostStatus::Public), Some("마")));
    assert_eq!(author.post("/forms/posts/hello/delete", &[("version", "3")]).await.status, 303);
    let calls = site.calls.blog.lock().expect("not poisoned");
    assert_eq!(calls.last().map(String::as_str), Some("DELETE /api/posts/hello?version=3 Bearer access-author-0"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn next_never_leads_away() {
    let site = Site::start().await;
    for next in ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"] {
        let fields = [("email", "user@maru.example"), ("password", PASSWORD), ("next", next)];
        assert_eq!(site.browser().post("/forms/login", &fields).await.header("location"), "/", "{next}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_sites_cannot_post_here() {
    let site = Site::start().await;
    let mut browser = site.signed_in("author").await;
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("x-none", "")] {
        for path in ["/forms/logout", "/api/posts"] {
            let request = Request::builder()
                .method(Method::POST)
                .uri(path)
                .header(name, value)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let reply = browser.send(request, Body::empty()).await;
            assert_eq!(reply.problem(403).code, "foreign_request", "{name} {path}");
        }
    }
    assert_ne!(browser.get("/bff/session").await.text(), "null");
    let login = Request::builder()
        .method(Method::POST)
        .uri("/forms/login")
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    site.browser().send(login, Body::from("email=a&password=b")).await.problem(403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_who_send_too_much_read_a_page_and_scripts_a_problem() {
    let site = Site::start().await;
    let long = "x".repeat((1 << 20) + 1);
    let mut author = site.signed_in("author").await;
    for path in ["/forms/posts", "/forms/login"] {
        author.script = false;
        let page = author.post(path, &[("title", &long)]).await;
        assert_eq!((page.status.as_u16(), page.header("content-type")), (413, "text/html; charset=utf-8"), "{path}");
        assert!(page.text().contains("<h1>That was too large</h1>"), "{}", page.text());
        author.script = true;
        assert_eq!(author.post(path, &[("title", &long)]).await.problem(413).code, "too_large");
    }
    author.script = false;
    let page = author.post_files("/forms/images", &[], &[("file", "big.png", &vec![0; 11 << 20])]).await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (413, "text/html; charset=utf-8"));
    assert!(page.text().contains("<h1>That was too large</h1>"), "{}", page.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_whose_form_cannot_be_taken_read_a_page() {
    let site = Site::start().await;
    let form = || {
        Request::builder()
            .method(Method::POST)
            .uri("/forms/posts")
            .header(header::ACCEPT, "text/html,*/*;q=0.8")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
    };
    let mut author = site.signed_in("author").await;
    let foreign = form().header("sec-fetch-site", "cross-site");
    let page = author.send(foreign, Body::from("title=a")).await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (403, "text/html; charset=utf-8"));

    site.wait(280);
    let nobody = axum::Router::new().fallback(async || StatusCode::SERVICE_UNAVAILABLE);
    let restarted = site.restart_with(|usual| Upstreams { auth: Upstream::in_process(nobody), ..usual }).await;
    let mut later = restarted.expect("it starts again").browser();
    later.cookies = author.cookies;
    let page = later.send(form().header("sec-fetch-site", "same-origin"), Body::from("title=a")).await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (503, "text/html; charset=utf-8"));
    later.script = true;
    assert_eq!(later.post("/forms/posts", &[("title", "a")]).await.problem(503).code, "unavailable");
}
