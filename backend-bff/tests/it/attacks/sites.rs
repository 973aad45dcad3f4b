//! Pages of other sites that act through a visitor's browser.

use axum::body::Body;
use backend_bff::{Cors, Rules, Settings};
use contracts::auth::Tokens;
use http::{Method, Request, header};
use kit::StartError;

use crate::site::{Browser, Reply, Site};

const EVIL: &str = "https://evil.example";

async fn send(
    browser: &mut Browser,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: &'static str,
) -> Reply {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    browser.send(request, Body::from(body)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_change_nothing() {
    let site = Site::start().await;
    let form = ("content-type", "application/x-www-form-urlencoded");
    let plain = ("content-type", "text/plain");
    for (method, path) in [
        (Method::POST, "/forms/logout"),
        (Method::POST, "/forms/posts"),
        (Method::POST, "/forms/login"),
        (Method::POST, "/api/posts"),
        (Method::PUT, "/api/posts/hello"),
        (Method::DELETE, "/api/posts/hello"),
        (Method::POST, "/api/v1/posts"),
    ] {
        for headers in [
            &[("sec-fetch-site", "cross-site"), ("origin", EVIL), form][..],
            &[("sec-fetch-site", "same-site"), ("origin", "http://other.localhost:8080"), form],
            &[("origin", EVIL), plain],
            &[("origin", "null"), plain],
            // A browser from before both headers, or one that was made to leave them out.
            &[form],
            &[("origin", EVIL), ("sec-fetch-site", "cross-site"), ("x-http-method-override", "GET"), form],
        ] {
            let mut author = site.signed_in("author").await;
            let reply = send(&mut author, method.clone(), path, headers, "title=Theirs").await;
            assert_eq!(reply.problem(403).code, "foreign_request", "{method} {path} {headers:?}");
            assert_ne!(author.get("/bff/session").await.text(), "null", "still signed in");
        }
    }
    assert!(site.calls.saved.lock().expect("not poisoned").is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_with_a_token_of_their_own_are_not_bothered() {
    let site = Site::start().await;
    let mut program = site.browser();
    let headers = [("authorization", "Bearer mine"), ("content-type", "application/json"), ("origin", EVIL)];
    let body = r#"{"title":"Mine","content":"x"}"#;
    assert_eq!(send(&mut program, Method::POST, "/api/posts", &headers, body).await.status, 201);
    assert_eq!(send(&mut program, Method::POST, "/api/posts", &headers[..2], body).await.status, 201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scripts_elsewhere_read_nothing_unless_they_are_let() {
    let site = Site::start().await;
    let mut author = site.signed_in("author").await;
    let ask = [("origin", EVIL), ("sec-fetch-site", "cross-site")];
    for path in ["/api/posts", "/bff/session", "/good", "/api/openapi.json"] {
        let reply = send(&mut author, Method::GET, path, &ask, "").await;
        let told: Vec<_> = reply.headers.keys().filter(|name| name.as_str().starts_with("access-control")).collect();
        assert!(told.is_empty(), "{path}: {told:?}");
        assert_eq!(reply.header("cross-origin-resource-policy"), "same-origin");
    }
}

fn preflight(method: &str) -> Vec<(&'static str, String)> {
    vec![
        ("access-control-request-method", method.to_owned()),
        ("access-control-request-headers", "authorization,content-type".to_owned()),
    ]
}

/// A site at `https://maru.example` with these rules.
async fn with(cors: Cors) -> Result<Site, StartError> {
    let set = |settings| Settings { rules: Rules { cors, ..Rules::unlimited() }, ..settings };
    Site::start_as(Site::folder(), "https://maru.example", |usual| usual, set).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_that_are_let_read_the_api_and_those_that_are_trusted_act() {
    let origin = |text: &'static str| http::HeaderValue::from_static(text);
    let cors = Cors {
        origins: vec![origin("https://app.example")],
        credentials: vec![origin("https://desk.maru.example")],
        ..Cors::default()
    };
    let site = with(cors).await.expect("it starts");
    let (mut author, mut guest) = (site.signed_in("author").await, site.browser());
    for (from, let_in, trusted) in
        [("https://app.example", true, false), ("https://desk.maru.example", true, true), (EVIL, false, false)]
    {
        let reply = send(&mut author, Method::GET, "/api/posts", &[("origin", from)], "").await;
        assert_eq!(reply.header("access-control-allow-origin"), if let_in { from } else { "" });
        assert_eq!(reply.header("access-control-allow-credentials"), if trusted { "true" } else { "" });
        assert!(
            reply
                .headers
                .get_all(header::VARY)
                .iter()
                .any(|vary| vary.to_str().is_ok_and(|vary| vary.contains("origin")))
        );
        let asked = preflight("PUT");
        let mut headers: Vec<(&str, &str)> = asked.iter().map(|(name, value)| (*name, value.as_str())).collect();
        headers.push(("origin", from));
        let reply = send(&mut guest, Method::OPTIONS, "/api/posts/hello", &headers, "").await;
        assert_eq!(reply.header("access-control-allow-origin"), if let_in { from } else { "" });
        assert!(reply.header("access-control-allow-methods").contains("PUT"));
        let site = if trusted { "same-site" } else { "cross-site" };
        let post = [("origin", from), ("sec-fetch-site", site), ("content-type", "application/json")];
        let reply = send(&mut author, Method::POST, "/api/posts", &post, r#"{"title":"T","content":"x"}"#).await;
        assert_eq!(reply.status.as_u16(), if trusted { 201 } else { 403 }, "{from}");
        assert_eq!(
            reply.header("access-control-allow-origin"),
            if let_in { from } else { "" },
            "a refusal is readable"
        );
    }
    // The API alone: pages are for readers.
    for path in ["/good", "/bff/session"] {
        let reply = send(&mut author, Method::GET, path, &[("origin", "https://desk.maru.example")], "").await;
        assert!(!reply.headers.contains_key("access-control-allow-origin"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_that_are_let_in_sign_in_for_themselves_alone() {
    const APP: &str = "https://app.example";
    let cors = Cors { origins: vec![http::HeaderValue::from_static(APP)], ..Cors::default() };
    let site = with(cors).await.expect("it starts");
    let from = |origin, kind| [("origin", origin), ("sec-fetch-site", "cross-site"), ("content-type", kind)];
    let login = async |browser: &mut Browser, origin: &'static str| {
        let body = r#"{"email":"author@maru.example","password":"correct horse battery"}"#;
        send(browser, Method::POST, "/api/auth/login", &from(origin, "application/json"), body).await
    };
    let reply = login(&mut site.browser(), APP).await;
    assert_eq!(reply.json::<Tokens>().access_token, "access-author-0", "{}", reply.text());
    assert_eq!(reply.header("access-control-allow-origin"), APP);
    assert_eq!(login(&mut site.browser(), EVIL).await.problem(403).code, "foreign_request");

    // Never in the name of a visitor, whatever of them comes along.
    for (name, value) in [("__Host-maru", "a session"), ("guest", "-")] {
        let mut visitor = site.browser();
        visitor.cookies.insert(name.into(), value.into());
        assert_eq!(login(&mut visitor, APP).await.problem(403).code, "foreign_request", "{name}");
    }
    // Nor is a browser signed in that somebody else's page sends here.
    let form = from(APP, "application/x-www-form-urlencoded");
    let mut visitor = site.browser();
    let body = "email=author%40maru.example&password=correct+horse+battery";
    let reply = send(&mut visitor, Method::POST, "/forms/login", &form, body).await;
    assert_eq!(reply.problem(403).code, "foreign_request");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_that_browsers_send_no_session_for_is_refused_at_the_start() {
    let cors = Cors { credentials: vec![http::HeaderValue::from_static("https://desk.example")], ..Cors::default() };
    let refused = with(cors).await.err().expect("it does not start").to_string();
    for named in ["cors.credentials", "https://desk.example", "https://maru.example"] {
        assert!(refused.contains(named), "{refused}");
    }
}
