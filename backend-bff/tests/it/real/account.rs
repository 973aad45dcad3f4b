//! One's own account.

use axum::body::Body;
use contracts::{
    module::Role,
    pages::{AdminUsersPage, BugReportsPage, SettingsPage, SetupPage, SignInPage},
};
use http::Request;
use serde_json::Value;

use super::{Hall, TOKEN, address, outcome, png};
use crate::{
    services::PASSWORD,
    site::{Browser, Reply},
};

async fn signed_in(browser: &mut Browser) -> Option<String> {
    browser.get("/bff/session").await.json::<Value>()["name"].as_str().map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_password_is_replaced() {
    let hall = Hall::open().await;
    let mut user = hall.member("reader", Role::User).await;
    let mut guest = hall.guest();
    assert_eq!(guest.done("/forms/forgot", &[("email", "nobody@maru.example")]).await.1, "mail_sent");
    assert_eq!(guest.done("/forms/forgot", &[("email", &address("reader"))]).await.1, "mail_sent");
    let token = hall.mailed_token("reset", "reader@maru.example").await;
    assert!(guest.page::<SetupPage>(&format!("/reset/{token}")).await.valid);
    assert!(!guest.page::<SetupPage>("/reset/made-up").await.valid);
    assert!(!guest.page::<SetupPage>(&format!("/verify/{token}")).await.valid, "it is for something else");
    let refused = guest.post("/forms/reset", &[("token", &token), ("password", "short")]).await.problem(422);
    assert_eq!(refused.errors[0].field, "password");
    let new = "a quite different one";
    assert_eq!(guest.done("/forms/reset", &[("token", &token), ("password", new)]).await.1, "password_saved");
    assert!(!guest.page::<SetupPage>(&format!("/reset/{token}")).await.valid);
    guest.post("/forms/login", &[("email", &address("reader")), ("password", PASSWORD)]).await.problem(422);
    guest.done("/forms/login", &[("email", &address("reader")), ("password", new)]).await;
    ended(&mut user).await;
}

/// Waits until a session is over: that travels as an event.
async fn ended(browser: &mut Browser) {
    let browser = tokio::sync::Mutex::new(browser);
    kit::testing::eventually("the end of a session", || async {
        signed_in(*browser.lock().await).await.is_none().then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_are_changed() {
    let hall = Hall::open().await;
    let mut user = hall.member("reader", Role::User).await;
    let page: SettingsPage = user.page("/my/settings").await;
    assert_eq!((page.email, page.has_password, page.sessions.len()), (address("reader"), true, 1));
    assert!(page.sessions[0].current && page.missing.is_empty());
    let profile = [("name", "Reader II"), ("bio", "I read."), ("locale", "ko")];
    assert_eq!(user.done("/forms/settings", &profile).await.1, "settings_saved");
    assert_eq!(signed_in(&mut user).await.as_deref(), Some("Reader II"));
    assert_eq!(user.cookies["locale"], "ko");

    let uploaded = user.post_files("/forms/settings/avatar", &[], &[("file", "me.png", &png())]).await;
    assert_eq!(outcome(&uploaded, "avatar").1, "settings_saved");
    let avatar = user.page::<SettingsPage>("/my/settings").await.avatar.expect("a picture");
    assert!(avatar.starts_with("/media/"), "{avatar}");
    assert_eq!(user.get(&avatar).await.header("content-type"), "image/png");
    let refused = user.post_files("/forms/settings/avatar", &[], &[("file", "me.png", b"no picture")]).await;
    assert_eq!(refused.problem(422).errors[0].field, "file");
    let refused = user.post_files("/forms/settings/avatar", &[], &[("file", "", b"")]).await;
    assert_eq!(refused.problem(422).errors[0].code, "required");
    user.done("/forms/settings/avatar/delete", &[]).await;
    assert_eq!(user.page::<SettingsPage>("/my/settings").await.avatar, None);

    let mut other = hall.guest();
    other.done("/forms/login", &[("email", &address("reader")), ("password", PASSWORD)]).await;
    assert_eq!(other.cookies["locale"], "ko", "the language of the account");
    // Without the field the language stays; an empty one is as the browser says.
    user.done("/forms/settings", &[("name", "Reader II"), ("bio", "I read.")]).await;
    assert_eq!(user.page::<SettingsPage>("/my/settings").await.locale, "ko");
    user.done("/forms/settings", &[("name", "Reader II"), ("bio", "I read."), ("locale", "")]).await;
    assert_eq!(user.page::<SettingsPage>("/my/settings").await.locale, "");
    assert!(!user.cookies.contains_key("locale"));
    let page: SettingsPage = user.page("/my/settings").await;
    let id = page.sessions.iter().find(|session| !session.current).expect("another session").id.clone();
    assert_eq!(user.done(&format!("/forms/sessions/{id}/end"), &[]).await.1, "session_ended");
    ended(&mut other).await;

    other.done("/forms/login", &[("email", &address("reader")), ("password", PASSWORD)]).await;
    let wrong = [("current_password", "not it at all"), ("password", "a quite different one")];
    let refused = user.post("/forms/password", &wrong).await;
    assert!(refused.status.is_client_error(), "{}", refused.text());
    let right = [("current_password", PASSWORD), ("password", "a quite different one")];
    assert_eq!(user.done("/forms/password", &right).await.1, "password_saved");
    ended(&mut other).await;
    assert!(signed_in(&mut user).await.is_some(), "the one that changed it goes on");

    let export = user.get("/my/export.json").await;
    let export_json: Value = export.json();
    assert!(export.header("content-disposition").starts_with("attachment"));
    assert_eq!(export_json["account"]["name"], "Reader II");
    hall.guest().get("/my/export.json").await.problem(401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_signs_in_again_leaves_no_session_behind() {
    let hall = Hall::open().await;
    let mut user = hall.member("reader", Role::User).await;
    user.done("/forms/login", &[("email", &address("reader")), ("password", PASSWORD)]).await;
    kit::testing::eventually("the end of the session before", || async {
        let page = user.clone().get("/bff/pages/my/settings").await;
        let sessions = (page.status == 200).then(|| page.json::<SettingsPage>().sessions)?;
        (sessions.len() == 1 && sessions[0].current).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_suspended_or_deleted_is_out_at_once() {
    let hall = Hall::open().await;
    let mut admin = hall.member("keeper", Role::Admin).await;
    let mut user = hall.member("reader", Role::User).await;
    let users: AdminUsersPage = admin.page("/admin/users?q=reader").await;
    assert_eq!((users.total, &*users.items[0].status), (1, "ACTIVE"));
    let id = users.items[0].id.clone();
    user.post(&format!("/forms/users/{id}/status"), &[("status", "SUSPENDED")]).await.problem(403);
    let suspend = [("status", "SUSPENDED")];
    assert_eq!(admin.done(&format!("/forms/users/{id}/status"), &suspend).await.1, "user_saved");
    assert_eq!(signed_in(&mut user).await, None);
    let again = [("email", address("reader")), ("password", PASSWORD.to_owned())];
    let again: Vec<_> = again.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(user.post("/forms/login", &again).await.problem(403).code, "suspended");
    admin.done(&format!("/forms/users/{id}/status"), &[("status", "ACTIVE")]).await;
    user.done("/forms/login", &again).await;
    admin.done(&format!("/forms/users/{id}/role"), &[("role", "AUTHOR")]).await;
    let tab = user.clone();
    kit::testing::eventually("the new role", || async {
        let session: Value = tab.clone().get("/bff/session").await.json();
        (session["role"] == "AUTHOR").then_some(())
    })
    .await;

    user.post("/forms/account/delete", &[("content", "perhaps"), ("password", PASSWORD)]).await.problem(422);
    let wrong = user.post("/forms/account/delete", &[("content", "keep"), ("password", "not it at all")]).await;
    assert!(wrong.status.is_client_error());
    let delete = [("content", "keep"), ("password", PASSWORD)];
    assert_eq!(user.done("/forms/account/delete", &delete).await, ("/".into(), "account_deleted".into()));
    assert!(!user.cookies.contains_key("maru"));
    assert_eq!(signed_in(&mut user).await, None);
    assert!(user.post("/forms/login", &again).await.status.is_client_error());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_signing_keys_sign_nobody_out() {
    let hall = Hall::open().await;
    let user = hall.member("reader", Role::User).await;
    let rotate = Request::post("/internal/keys/rotate")
        .header("authorization", format!("Service {TOKEN}"))
        .header("content-type", "application/json")
        .body(Body::from(r#"{"compromised":true}"#));
    let rotated = Reply::of(&hall.auth, rotate.expect("a request")).await;
    assert_eq!(rotated.status, 200, "{}", rotated.text());
    // Their token is good for nothing now, and is renewed as soon as that is known.
    kit::testing::eventually("their page", || async {
        let page = user.clone().get("/bff/pages/my/settings").await;
        (page.status == 200 && page.json::<SettingsPage>().missing.is_empty()).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bugs_are_reported_and_answered() {
    let hall = Hall::open().await;
    let mut admin = hall.member("keeper", Role::Admin).await;
    let mut user = hall.member("reader", Role::User).await;
    let report = [
        ("title", "It squeaks"),
        ("description", "The floor squeaks when I walk."),
        ("category", "BUG"),
        ("priority", "HIGH"),
    ];
    let sent = user.post_files("/forms/bug-reports", &report, &[("screenshot", "floor.png", &png())]).await;
    assert_eq!(outcome(&sent, "bug report"), ("/bug-reports".into(), "bug_reported".into()));
    let mut guest = hall.guest();
    let with_address = [&report[..], &[("email", "me@example.org")]].concat();
    assert_eq!(guest.done("/forms/bug-reports", &with_address).await.1, "bug_reported");
    guest.post("/forms/bug-reports", &[("title", "x"), ("description", "")]).await.problem(422);
    guest.post("/forms/bug-reports", &[&report[..2], &[("priority", "EXTREME")]].concat()).await.problem(422);

    let own: BugReportsPage = user.page("/bug-reports").await;
    assert_eq!((own.total, own.can_respond, &*own.items[0].status), (1, false, "PENDING"));
    assert!(own.items[0].screenshot.as_deref().is_some_and(|url| url.starts_with("/media/")));
    let all: BugReportsPage = admin.page("/bug-reports?status=PENDING").await;
    assert_eq!((all.total, all.can_respond), (2, true));
    assert!(all.items.iter().any(|one| one.description.ends_with("E-mail: me@example.org")));
    let respond = format!("/forms/bug-reports/{}/response", own.items[0].id);
    let version = own.items[0].version.to_string();
    let answer = [("status", "RESOLVED"), ("response", "Oiled."), ("version", &*version)];
    user.post(&respond, &answer).await.problem(403);
    assert_eq!(admin.done(&respond, &answer).await.1, "bug_answered");
    // Who has not seen that answer does not overwrite it.
    let late = [("status", "PENDING"), ("response", "Which floor?"), ("version", &*version)];
    assert_eq!(admin.post(&respond, &late).await.problem(409).code, "stale_version");
    // It leads back to the list as it was narrowed.
    let now = admin.page::<BugReportsPage>("/bug-reports?status=RESOLVED").await.items[0].version.to_string();
    let again =
        [("status", "RESOLVED"), ("response", "Oiled."), ("version", &*now), ("next", "/bug-reports?status=RESOLVED")];
    assert_eq!(admin.done(&respond, &again).await.0, "/bug-reports?status=RESOLVED");
    let own: BugReportsPage = user.page("/bug-reports").await;
    assert_eq!((&*own.items[0].status, &*own.items[0].response), ("RESOLVED", "Oiled."));
    guest.get("/bff/pages/bug-reports").await.problem(401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn registration_is_as_the_admin_says() {
    let hall = Hall::open().await;
    let mut admin = hall.member("keeper", Role::Admin).await;
    let mut guest = hall.guest();
    assert_eq!(guest.page::<SignInPage>("/login").await.registration, "OPEN");
    guest.post("/forms/admin/settings", &[("registration", "CLOSED")]).await.problem(401);
    assert_eq!(admin.done("/forms/admin/settings", &[("registration", "CLOSED")]).await.1, "settings_saved");
    assert_eq!(guest.page::<SignInPage>("/login").await.registration, "CLOSED");
    let account = [("email", "new@maru.example"), ("name", "New"), ("password", PASSWORD)];
    assert!(guest.post("/forms/register", &account).await.status.is_client_error());
    let unknown = Request::builder().uri("/api/auth/oidc/nobody").header("accept", "text/html");
    let refused = guest.send(unknown, Body::empty()).await;
    assert_eq!((refused.status.as_u16(), refused.header("location")), (303, "/login"));
}
