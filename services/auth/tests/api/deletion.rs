//! Taking one's data along, and leaving.

use contracts::{
    auth::{
        AccountExport, AuditEntry, DeleteAccountInput, Invitation, InvitationInput, NewInvitation, RegisterInput,
        Tokens, UserCard,
    },
    blog::Paged,
    events::{Event, UserDeleted},
    module::Role,
};
use http::Method;
use kit::{
    db::sql,
    testing::{Answer, Backend, Client},
};
use serde_json::{Value, json};
use time::Duration;

use crate::support::{Auth, Listener, PASSWORD};

kit::on_both_databases!(
    an_account_is_deleted_without_a_trace,
    nothing_tells_where_a_deleted_admin_was_or_how_they_came,
    deleting_needs_to_show_who_one_is,
    one_takes_ones_data_along,
    an_address_is_free_again,
);

async fn delete(client: &Client, password: Option<&str>, keep_content: bool) -> Answer {
    let input = DeleteAccountInput { password: password.map(str::to_owned), keep_content };
    let body = serde_json::to_vec(&input).expect("JSON");
    client.send(Method::DELETE, "/api/auth/me", Some("application/json"), body.into()).await
}

async fn an_account_is_deleted_without_a_trace(backend: Backend) {
    let auth = Auth::start(backend).await;
    let heard = Listener::on(&auth);
    let admin = auth.signed_in(&auth.member("admin@example.com", Role::Admin).await);
    let user = auth.try_register("gone@example.com", "Gone Soon", PASSWORD).await.json::<Tokens>(201);
    let there: Tokens = auth.login("gone@example.com", PASSWORD).await.json(200);
    auth.settle().await;
    assert_eq!(delete(&auth.signed_in(&user), Some(PASSWORD), true).await.status, 204);
    let event = heard.heard(UserDeleted::KIND, 1).await.remove(0);
    assert_eq!(event.data, serde_json::json!({ "user_id": user.user.id, "keep_content": true }));

    for tokens in [&user, &there] {
        auth.signed_in(tokens).get("/api/auth/me").await.problem(401);
        auth.refresh(&tokens.refresh_token).await.problem(401);
    }
    auth.login("gone@example.com", PASSWORD).await.problem(401);
    admin.get(&format!("/api/users/{}", user.user.id)).await.problem(404);
    let list: Paged<Value> = admin.get("/api/users?q=gone").await.json(200);
    assert_eq!(list.total, 0);
    let path = format!("/api/users/{}/status", user.user.id);
    admin.put(&path, &serde_json::json!({ "status": "ACTIVE" })).await.problem(404);
    let card: UserCard = auth.client.get(&format!("/api/author?id={}", user.user.id)).await.json(200);
    assert_eq!((card.name.as_str(), card.avatar), ("Deleted user", None));

    // The last mail goes out, and then nothing anywhere names them.
    assert!(auth.mail("gone@example.com", 2).await.text.contains("was deleted"));
    auth.settle().await;
    let db = auth.db.connect().await;
    for query in [
        "SELECT COUNT(*) AS n FROM users WHERE email LIKE '%gone%' OR name LIKE '%Gone%' OR name_key LIKE '%gone%'",
        "SELECT COUNT(*) AS n FROM mails WHERE recipient LIKE '%gone%'",
        "SELECT COUNT(*) AS n FROM links WHERE email LIKE '%gone%'",
        "SELECT COUNT(*) AS n FROM audit_log WHERE address IS NOT NULL",
    ] {
        assert_eq!(sql::number(db.read(), query, []).await.expect("counted"), 0, "{query}");
    }
    let query = "SELECT COUNT(*) AS n FROM sessions WHERE user_id = $1";
    assert_eq!(sql::number(db.read(), query, [user.user.id.into()]).await.expect("counted"), 0);
}

async fn nothing_tells_where_a_deleted_admin_was_or_how_they_came(backend: Backend) {
    let auth = Auth::start(backend).await;
    let at = |tokens: &Tokens, address: &str| auth.signed_in(tokens).with_header("x-forwarded-for", address);
    let stays = at(&auth.member("admin@example.com", Role::Admin).await, "192.0.2.1");
    let input =
        InvitationInput { email: Some("gone@example.com".into()), role: Role::Admin, ..InvitationInput::default() };
    let invited: NewInvitation = stays.post("/api/auth/invitations", &input).await.json(201);
    let token = invited.link.split('=').nth(1).expect("a token").to_owned();
    let register = RegisterInput {
        email: "gone@example.com".into(),
        name: "Gone Soon".into(),
        password: PASSWORD.into(),
        invitation: Some(token),
        ..RegisterInput::default()
    };
    let user: Tokens = auth.client.post("/api/auth/register", &register).await.json(201);
    let gone = at(&user, "192.0.2.9");
    // They did something to somebody else, and are invited once more.
    let other = auth.member("other@example.com", Role::User).await.user.id;
    gone.put(&format!("/api/users/{other}/role"), &json!({ "role": "AUTHOR" })).await.json::<Value>(200);
    stays.post("/api/auth/invitations", &input).await.json::<NewInvitation>(201);
    auth.settle().await;
    assert_eq!(delete(&gone, Some(PASSWORD), true).await.status, 204);

    let role: Paged<AuditEntry> = stays.get("/api/users/audit?event=role_changed").await.json(200);
    assert_eq!((role.total, role.items[0].detail.as_deref()), (1, Some("USER → AUTHOR")));
    assert_eq!((role.items[0].actor_id.as_ref(), role.items[0].address.as_deref()), (Some(&user.user.id), None));
    let list: Paged<Invitation> = stays.get("/api/auth/invitations").await.json(200);
    let used = &list.items[0];
    assert_eq!((list.total, used.email.as_deref(), used.used_by.as_deref()), (1, None, None));
    assert_eq!((&used.id, used.used_at.is_some()), (&invited.invitation.id, true));
    assert_eq!(auth.client.post("/api/auth/register", &register).await.problem(403).code, "invitation_ended");
    // What others did is still noted with where they were.
    let made: Paged<AuditEntry> = stays.get("/api/users/audit?event=invitation_made").await.json(200);
    assert_eq!((made.total, made.items[0].address.as_deref()), (2, Some("192.0.2.1")));
}

async fn deleting_needs_to_show_who_one_is(backend: Backend) {
    let auth = Auth::start(backend).await;
    let tokens = auth.register("a@example.com").await;
    auth.shared.advance(Duration::minutes(16));
    let client = auth.signed_in(&auth.refresh(&tokens.refresh_token).await.json(200));
    assert_eq!(delete(&client, None, false).await.problem(403).code, "fresh_sign_in_needed");
    assert_eq!(delete(&client, Some(""), false).await.problem(403).code, "fresh_sign_in_needed");
    assert_eq!(delete(&client, Some("not the password"), false).await.field_error().0, "password");
    let unclear = client.send(Method::DELETE, "/api/auth/me", Some("application/json"), "{}".into()).await;
    assert_eq!(unclear.field_error(), ("keep_content".into(), "required".into()));
    delete(&auth.client, Some(PASSWORD), false).await.problem(401);
    // Who signed in a moment ago has shown it.
    let fresh = auth.signed_in(&auth.login("a@example.com", PASSWORD).await.json(200));
    let heard = Listener::on(&auth);
    assert_eq!(delete(&fresh, None, false).await.status, 204);
    assert_eq!(heard.heard(UserDeleted::KIND, 1).await[0].data["keep_content"], false);
    delete(&fresh, None, false).await.problem(401);
}

async fn one_takes_ones_data_along(backend: Backend) {
    let auth = Auth::start(backend).await;
    let tokens = auth.register("a@example.com").await;
    auth.register("b@example.com").await;
    let client = auth.signed_in(&tokens);
    let answer = client.get("/api/auth/me/export").await;
    let export: AccountExport = answer.json(200);
    assert_eq!(export.account, tokens.user);
    assert_eq!((export.sessions.len(), export.audit.len()), (1, 1));
    assert_eq!(export.audit[0].event, "registered");
    let text = String::from_utf8_lossy(&answer.body);
    assert!(!text.contains("argon2") && !text.contains("b@example.com"));
    auth.client.get("/api/auth/me/export").await.problem(401);
}

async fn an_address_is_free_again(backend: Backend) {
    let auth = Auth::start(backend).await;
    let first = auth.register("a@example.com").await;
    assert_eq!(delete(&auth.signed_in(&first), Some(PASSWORD), false).await.status, 204);
    let second = auth.register("a@example.com").await;
    assert_ne!(first.user.id, second.user.id);
    auth.login("a@example.com", PASSWORD).await.json::<Tokens>(200);
}
