//! Sessions: tokens stay here, are renewed once, and outlive a restart.

use std::{sync::atomic::Ordering, time::Duration};

use kit::{
    db::{Db, sql},
    testing::eventually,
};

use crate::{services::PASSWORD, site::Site};

/// Waits until the auth service was told that sessions ended; answers whose.
async fn ended(site: &Site) -> Vec<String> {
    eventually("the auth service being told", async || {
        let ended = site.calls.logouts.lock().expect("not poisoned").clone();
        (!ended.is_empty()).then_some(ended)
    })
    .await
}

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
    assert_eq!(ended(&site).await, ["refresh-author-0"], "of the other it said so itself");
}

#[tokio::test]
async fn sessions_that_nobody_can_use_are_removed_every_hour() {
    let site = Site::start().await;
    site.signed_in("author").await;
    let db = Db::connect(&site.database()).await.expect("its database");
    let kept = async || sql::number(db.read(), "SELECT COUNT(*) AS n FROM sessions", []).await.expect("counted");
    site.wait(2 * 24 * 3600);
    assert_eq!(kept().await, 1);
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(3601)).await;
    tokio::time::resume();
    eventually("the hour's sweep", async || (kept().await == 0).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_in_again_replaces_the_session() {
    let site = Site::start().await;
    let first = site.signed_in("user").await;
    let mut browser = first.clone();
    let fields = [("email", "author@maru.example"), ("password", PASSWORD)];
    assert_eq!(browser.post("/forms/login", &fields).await.status, 303);
    assert_ne!(first.cookies["maru"], browser.cookies["maru"]);
    let mut old = first;
    assert_eq!(old.get("/bff/session").await.text(), "null");
    assert_eq!(ended(&site).await, ["refresh-user-0"], "its tokens are good no more, wherever a copy is");
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_signs_in_reads_in_the_language_of_their_account() {
    let site = Site::start().await;
    let account = [("email", "minji@maru.example"), ("password", PASSWORD), ("name", "minji")];
    for way in ["/forms/login", "/forms/register", "/api/auth/oidc/somewhere/callback?code=x"] {
        let mut browser = site.browser();
        browser.cookies.insert("locale".into(), "en".into());
        let reply = if way.starts_with("/api") { browser.get(way).await } else { browser.post(way, &account).await };
        assert_eq!(reply.status, 303, "{way}");
        assert_eq!((&*browser.cookies["locale"], browser.cookies.contains_key("maru")), ("ko", true), "{way}");
        assert!(browser.get("/good").await.text().contains("<html lang=\"ko\""), "{way}");
    }
    let mut browser = site.browser();
    browser.cookies.insert("locale".into(), "ko".into());
    browser.post("/forms/login", &[("email", "author@maru.example"), ("password", PASSWORD)]).await;
    assert_eq!(browser.cookies["locale"], "ko", "an account that says nothing changes nothing");
}
