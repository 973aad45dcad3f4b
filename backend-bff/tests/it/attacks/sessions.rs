//! Sessions that are made up, planted, stolen or used again.

use axum::body::Body;
use http::{Request, header};

use crate::{services::PASSWORD, site::Site};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_planted_session_is_not_the_one_that_is_signed_in() {
    let site = Site::start().await;
    let mut thief = site.signed_in("user").await;
    let planted = thief.cookies["maru"].clone();
    for planted in [planted, "A".repeat(43), "../../etc".into(), String::new()] {
        let mut victim = site.browser();
        victim.cookies.insert("maru".into(), planted.clone());
        let fields = [("email", "author@maru.example"), ("password", PASSWORD)];
        assert_eq!(victim.post("/forms/login", &fields).await.status, 303);
        assert_ne!(victim.cookies["maru"], planted);
        assert!(victim.get("/bff/session").await.text().contains("\"author\""));
        let mut other = site.browser();
        other.cookies.insert("maru".into(), planted);
        assert_eq!(other.get("/bff/session").await.text(), "null", "whoever planted it is not signed in by it");
    }
    assert_eq!(thief.get("/bff/session").await.text(), "null");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ids_cannot_be_guessed_from_others() {
    let site = Site::start().await;
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..8 {
        let id = site.signed_in("author").await.cookies["maru"].clone();
        assert_eq!(id.len(), 43, "256 bits");
        assert!(seen.iter().all(|other: &String| other[..8] != id[..8]), "nothing in common");
        seen.insert(id);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_was_left_opens_no_more() {
    let site = Site::start().await;
    let mut author = site.signed_in("author").await;
    let stolen = author.clone();
    assert_eq!(author.post("/forms/logout", &[]).await.status, 303);
    for path in ["/bff/session", "/api/posts"] {
        let mut thief = stolen.clone();
        let reply = thief.get(path).await;
        assert!(!thief.cookies.contains_key("maru"), "its cookie is removed");
        assert!(path != "/bff/session" || reply.text() == "null");
    }
    let calls = site.calls.blog.lock().expect("not poisoned");
    assert!(calls.iter().all(|call| call.ends_with(" -")), "nothing was asked in its name: {calls:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_did_not_ask_to_stay_is_gone_soon() {
    let site = Site::start_at("https://maru.example").await;
    let fields = [("email", "author@maru.example"), ("password", PASSWORD)];
    let mut browser = site.browser();
    let reply = browser.post("/forms/login", &fields).await;
    let cookie = session_cookie(&reply.headers);
    assert!(!cookie.contains("Max-Age") && !cookie.contains("Expires"), "the browser forgets it: {cookie}");
    for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(attribute), "{attribute}: {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    let mut stays = site.browser();
    let reply = stays.post("/forms/login", &[&fields[..], &[("remember", "true")]].concat()).await;
    assert!(session_cookie(&reply.headers).contains(&format!("Max-Age={}", 60 * 24 * 3600)));

    // Used every few hours, for a day.
    for _ in 0..4 {
        site.wait(6 * 3600 - 1);
        assert_ne!(browser.get("/bff/session").await.text(), "null");
    }
    site.wait(3600);
    assert_eq!(browser.get("/bff/session").await.text(), "null", "however much it was used");
    assert_ne!(stays.get("/bff/session").await.text(), "null");
    let mut idle = site.signed_in("user").await;
    site.wait(9 * 3600);
    assert_eq!(idle.get("/bff/session").await.text(), "null");
    for _ in 0..5 {
        site.wait(13 * 24 * 3600);
        stays.get("/bff/session").await;
    }
    assert_eq!(stays.get("/bff/session").await.text(), "null", "sixty days are enough for anybody");
}

fn session_cookie(headers: &http::HeaderMap) -> String {
    let cookies = headers.get_all(header::SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
    cookies.filter(|cookie| cookie.starts_with("__Host-maru=")).map(str::to_owned).next().expect("a session")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_https_a_cookie_of_another_name_or_host_is_none() {
    let site = Site::start_at("https://maru.example").await;
    let author = site.signed_in("author").await;
    let id = &author.cookies["__Host-maru"];
    for cookie in [format!("maru={id}"), format!("__host-maru={id}"), format!("x__Host-maru={id}")] {
        let request = Request::builder().uri("/bff/session").header(header::COOKIE, &cookie);
        let reply = site.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(reply.text(), "null", "{cookie}");
    }
}
