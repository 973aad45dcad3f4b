//! Changing a password, and choosing a new one with a link.

use contracts::{
    auth::{LinkPurpose, LinkState, MailSent, Me, PasswordInput, ProfileInput, ResetInput, ResetRequest, Tokens},
    module::Role,
};
use kit::{
    db::sql,
    testing::{Answer, Backend},
};
use time::Duration;

use crate::support::{Auth, PASSWORD};

kit::on_both_databases!(
    a_changed_password_ends_other_sessions,
    a_wrong_password_changes_nothing,
    a_reset_link_lets_its_owner_choose,
    asking_for_a_link_tells_nothing,
    reset_links_end,
    of_two_who_follow_a_link_one_gets_it,
);

const NEW: &str = "another horse battery";

async fn ask(auth: &Auth, email: &str) -> Answer {
    let input = ResetRequest { email: email.into(), ..ResetRequest::default() };
    auth.client.post("/api/auth/password-reset", &input).await
}

async fn choose(auth: &Auth, token: &str, password: &str) -> Answer {
    let input = ResetInput { token: token.into(), password: password.into() };
    auth.client.post("/api/auth/password-reset/confirm", &input).await
}

async fn a_changed_password_ends_other_sessions(backend: Backend) {
    let auth = Auth::start(backend).await;
    let here = auth.register("a@example.com").await;
    let there: Tokens = auth.login("a@example.com", PASSWORD).await.json(200);
    let input = PasswordInput { current: Some(PASSWORD.into()), password: NEW.into() };
    assert_eq!(auth.signed_in(&here).put("/api/auth/password", &input).await.status, 204);
    // At once, not only when the token ends.
    auth.signed_in(&there).get("/api/auth/me").await.problem(401);
    auth.refresh(&there.refresh_token).await.problem(401);
    auth.signed_in(&here).get("/api/auth/me").await.json::<Me>(200);
    auth.login("a@example.com", PASSWORD).await.problem(401);
    auth.login("a@example.com", NEW).await.json::<Tokens>(200);
    let mail = auth.mail("a@example.com", 2).await;
    assert!(mail.text.contains("was changed"), "{}", mail.text);
}

async fn a_wrong_password_changes_nothing(backend: Backend) {
    let auth = Auth::start(backend).await;
    let client = auth.signed_in(&auth.register("a@example.com").await);
    let put = async |current: Option<&str>, password: &str| {
        let input = PasswordInput { current: current.map(str::to_owned), password: password.into() };
        client.put("/api/auth/password", &input).await
    };
    assert_eq!(put(None, NEW).await.field_error(), ("current".into(), "required".into()));
    assert_eq!(put(Some(PASSWORD), "short").await.field_error(), ("password".into(), "too_short".into()));
    for _ in 0..10 {
        let error = put(Some("not the password"), NEW).await.field_error();
        assert_eq!(error, ("current".into(), "wrong_credentials".into()));
    }
    // Who found an open browser cannot go on guessing.
    put(Some(PASSWORD), NEW).await.problem(429);
    auth.login("a@example.com", PASSWORD).await.json::<Tokens>(200);
    let input = PasswordInput { current: Some(PASSWORD.into()), password: NEW.into() };
    auth.client.put("/api/auth/password", &input).await.problem(401);
}

async fn a_reset_link_lets_its_owner_choose(backend: Backend) {
    let auth = Auth::start(backend).await;
    let before = auth.register("a@example.com").await;
    let korean = ProfileInput { locale: Some("ko".into()), ..ProfileInput::default() };
    auth.signed_in(&before).put("/api/auth/profile", &korean).await.json::<Me>(200);
    assert_eq!(ask(&auth, " A@example.com").await.json::<MailSent>(202).email, "a@example.com");
    let mail = auth.mail("a@example.com", 2).await;
    assert!(mail.text.contains("새 비밀번호") && mail.html.contains("lang=\"ko\""), "{}", mail.text);
    let token = mail.token("/reset/");
    let state = async || {
        let path = format!("/internal/links?token={token}");
        auth.client.service().get(&path).await.json::<LinkState>(200).purpose
    };
    assert_eq!(state().await, Some(LinkPurpose::PasswordReset));
    // Neither a look nor a bad password uses it up.
    assert_eq!(choose(&auth, &token, "short").await.field_error().0, "password");
    assert_eq!(choose(&auth, &token, NEW).await.status, 204);
    assert_eq!(state().await, None);
    assert_eq!(choose(&auth, &token, NEW).await.problem(410).code, "link_ended");

    auth.signed_in(&before).get("/api/auth/me").await.problem(401);
    auth.refresh(&before.refresh_token).await.problem(401);
    auth.login("a@example.com", PASSWORD).await.problem(401);
    let tokens: Tokens = auth.login("a@example.com", NEW).await.json(200);
    assert!(tokens.user.email_verified, "the link went to that address");
    auth.client.get(&format!("/internal/links?token={token}")).await.problem(401);
}

async fn asking_for_a_link_tells_nothing(backend: Backend) {
    let auth = Auth::start(backend).await;
    auth.register("a@example.com").await;
    let known = ask(&auth, "a@example.com").await;
    let unknown = ask(&auth, "b@example.com").await;
    assert_eq!((known.status, known.headers), (unknown.status, unknown.headers));
    assert_eq!(ask(&auth, "nonsense").await.field_error().0, "email");
    // The number of mails is limited, whether or not there is anybody.
    for email in ["a@example.com", "b@example.com"] {
        for _ in 0..4 {
            ask(&auth, email).await.json::<MailSent>(202);
        }
        assert!(ask(&auth, email).await.problem(429).code == "too_many_attempts");
    }
    auth.settle().await;
    let to = |email: &str| auth.mails().iter().filter(|mail| mail.to == email).count();
    assert_eq!((to("a@example.com"), to("b@example.com")), (6, 0));
}

async fn reset_links_end(backend: Backend) {
    let auth = Auth::start(backend).await;
    let admin = auth.member("admin@example.com", Role::Admin).await;
    let user = auth.register("a@example.com").await;
    let link = async |n: usize| {
        ask(&auth, "a@example.com").await.json::<MailSent>(202);
        auth.mail("a@example.com", n).await.token("/reset/")
    };
    let late = link(2).await;
    auth.shared.advance(Duration::minutes(31));
    choose(&auth, &late, NEW).await.problem(410);
    // One that is used ends the others.
    let (first, second) = (link(3).await, link(4).await);
    assert_eq!(choose(&auth, &second, NEW).await.status, 204);
    choose(&auth, &first, PASSWORD).await.problem(410);
    // Who is suspended cannot come back that way.
    let held = link(6).await;
    let path = format!("/api/users/{}/status", user.user.id);
    let admin: Tokens = auth.refresh(&admin.refresh_token).await.json(200);
    let suspend = serde_json::json!({ "status": "SUSPENDED" });
    auth.signed_in(&admin).put(&path, &suspend).await.json::<serde_json::Value>(200);
    choose(&auth, &held, PASSWORD).await.problem(410);
    choose(&auth, "", PASSWORD).await.problem(410);
    ask(&auth, "a@example.com").await.json::<MailSent>(202);
    auth.settle().await;
    assert_eq!(auth.mails().iter().filter(|mail| mail.to == "a@example.com").count(), 6);
    // Links are kept hashed.
    let db = auth.db.connect().await;
    let plain = "SELECT COUNT(*) AS n FROM links WHERE hash = $1";
    assert_eq!(sql::number(db.read(), plain, [held.into()]).await.expect("counted"), 0);
}

async fn of_two_who_follow_a_link_one_gets_it(backend: Backend) {
    let auth = Auth::start(backend).await;
    auth.register("a@example.com").await;
    ask(&auth, "a@example.com").await.json::<MailSent>(202);
    let token = auth.mail("a@example.com", 2).await.token("/reset/");
    let (one, other) =
        tokio::join!(choose(&auth, &token, "the first password"), choose(&auth, &token, "the second password"));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 410]);
    let winner = if one.status == 204 { "the first password" } else { "the second password" };
    auth.login("a@example.com", winner).await.json::<Tokens>(200);
}
