//! Sessions: tokens stay here, are renewed once, and outlive a restart.

use std::sync::atomic::Ordering;

use kit::testing::eventually;

use crate::site::Site;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_are_renewed_once_however_many_ask() {
    let site = Site::start().await;
    let browser = site.signed_in("author").await;
    site.wait(280);
    let visits = (0..20).map(|_| {
        let mut tab = browser.clone();
        async move { tab.get("/bff/pages/admin/posts/edit/hello").await.status }
    });
    assert!(futures_util::future::join_all(visits).await.iter().all(|status| status.as_u16() == 200));
    assert_eq!(site.calls.refreshes.load(Ordering::SeqCst), 1);
    let calls = site.calls.blog.lock().expect("not poisoned");
    assert!(calls.iter().any(|call| call.ends_with("Bearer access-author-1")), "{calls:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_too_long_for_tokens_reads_as_a_guest_and_stays_signed_in() {
    let site = Site::start().await;
    let mut browser = site.signed_in("author").await;
    site.wait(280);
    let nobody_renews = site.calls.no_tokens.lock().await;
    assert_eq!(browser.get("/bff/session").await.text(), "null");
    drop(nobody_renews);
    let signed_in = async || (browser.clone().get("/bff/session").await.text() != "null").then_some(());
    eventually("the tokens that came late", signed_in).await;
    assert_eq!(site.calls.refreshes.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_logs_nobody_out() {
    let site = Site::start().await;
    let old = site.signed_in("author").await;
    let site = site.restart().await.expect("it starts again");
    let mut browser = site.browser();
    browser.cookies = old.cookies;
    assert_eq!(browser.get("/admin").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_cannot_be_renewed_or_was_left_alone_ends() {
    let site = Site::start().await;
    let mut suspended = site.signed_in("suspended").await;
    let mut idle = site.signed_in("author").await;
    site.wait(301);
    let reply = suspended.get("/bff/session").await;
    assert_eq!(reply.text(), "null");
    assert!(!suspended.cookies.contains_key("maru"), "its cookie is removed");
    site.wait(15 * 24 * 3600);
    assert_eq!(idle.get("/bff/session").await.text(), "null");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_in_again_replaces_the_session() {
    let site = Site::start().await;
    let first = site.signed_in("user").await;
    let mut browser = first.clone();
    let fields = [("email", "author@maru.example"), ("password", crate::services::PASSWORD)];
    assert_eq!(browser.post("/forms/login", &fields).await.status, 303);
    assert_ne!(first.cookies["maru"], browser.cookies["maru"]);
    let mut old = first;
    assert_eq!(old.get("/bff/session").await.text(), "null");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_https_the_cookie_is_bound_to_the_host() {
    let site = Site::start_at("https://maru.example").await;
    let mut browser = site.signed_in("user").await;
    assert!(browser.cookies.contains_key("__Host-maru"));
    let reply = browser.get("/good").await;
    assert!(reply.header("strict-transport-security").starts_with("max-age="));
    assert!(reply.header("content-security-policy").contains("upgrade-insecure-requests"));
}
