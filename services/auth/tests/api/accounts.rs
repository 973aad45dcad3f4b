//! Registering and signing in.

use contracts::{
    auth::{AuditEntry, LoginInput, Me, Tokens, UserCard, VerifyInput},
    blog::Paged,
    module::Role,
};
use kit::{db::sql, testing::Backend};

use crate::support::{Auth, PASSWORD};

kit::on_both_databases!(
    register_sign_in_and_be_somebody,
    fields_are_checked,
    wrong_credentials_tell_nothing,
    attempts_are_limited,
    a_network_is_one_however_many_addresses_it_has,
    passwords_and_tokens_are_kept_hashed,
);

async fn register_sign_in_and_be_somebody(backend: Backend) {
    let auth = Auth::start(backend).await;
    let registered = auth.register(" Somebody@Example.com ").await;
    assert_eq!((registered.user.email.as_str(), registered.user.role), ("somebody@example.com", Role::User));
    assert_eq!(registered.expires_in, 300);

    let tokens: Tokens = auth.login("SOMEBODY@example.com", PASSWORD).await.json(200);
    let client = auth.signed_in(&tokens);
    let me: Me = client.get("/api/auth/me").await.json(200);
    assert_eq!(me, registered.user);
    let viewer: contracts::module::Viewer = client.get("/api/auth/validate-token").await.json(200);
    assert_eq!((viewer.id, viewer.role), (me.id.clone(), Role::User));
    auth.client.get("/api/auth/me").await.problem(401);

    let card: UserCard = auth.client.get(&format!("/api/author?id={}", me.id)).await.json(200);
    assert_eq!(card.name, "Somebody");
    let body = auth.client.get(&format!("/api/users?ids={},nonsense", me.id)).await;
    assert!(!String::from_utf8_lossy(&body.body).contains("example.com"), "cards are public");
    assert_eq!(body.json::<Vec<UserCard>>(200), [card]);
    auth.client.get("/api/author?id=nobody").await.problem(404);
}

async fn fields_are_checked(backend: Backend) {
    let auth = Auth::start(backend).await;
    auth.register("a@example.com").await;
    let cases = [
        ("", "Name", PASSWORD, "email", "required"),
        ("nonsense", "Name", PASSWORD, "email", "invalid"),
        ("A@example.com", "Name", PASSWORD, "email", "taken"),
        ("b@example.com", "  ", PASSWORD, "name", "required"),
        ("b@example.com", &"x".repeat(51), PASSWORD, "name", "too_long"),
        ("b@example.com", "Name", "123456789", "password", "too_short"),
        ("b@example.com", "Name", &"x".repeat(129), "password", "too_long"),
    ];
    for (email, name, password, field, code) in cases {
        let error = auth.try_register(email, name, password).await.field_error();
        assert_eq!(error, (field.to_owned(), code.to_owned()));
    }
}

async fn wrong_credentials_tell_nothing(backend: Backend) {
    let auth = Auth::start(backend).await;
    auth.register("a@example.com").await;
    let wrong = auth.login("a@example.com", "not the password").await.problem(401);
    let nobody = auth.login("nobody@example.com", "not the password").await.problem(401);
    assert_eq!(wrong, nobody);
    assert_eq!(wrong.code, "wrong_credentials");
    assert_eq!(auth.login("a@example.com", &"x".repeat(100_000)).await.problem(401), wrong);
}

async fn attempts_are_limited(backend: Backend) {
    let auth = Auth::start(backend).await;
    auth.register("a@example.com").await;
    for _ in 0..10 {
        auth.login("a@example.com", "not the password").await.problem(401);
    }
    let answer = auth.login("a@example.com", PASSWORD).await;
    assert_eq!(answer.problem(429).code, "too_many_attempts");
    assert!(answer.headers.contains_key("retry-after"));
    // Accounts that do not exist are no different, and others are not concerned.
    auth.login("nobody@example.com", "x").await.problem(401);
    auth.shared.advance(time::Duration::seconds(31));
    auth.login("a@example.com", PASSWORD).await.json::<Tokens>(200);
}

async fn a_network_is_one_however_many_addresses_it_has(backend: Backend) {
    let auth = Auth::start(backend).await;
    let from = |address: &str| auth.client.with_header("x-forwarded-for", address);
    let login = LoginInput { email: "a@example.com".into(), password: "x".into(), ..LoginInput::default() };
    from("2001:db8:0:1::5").post("/api/auth/login", &login).await.problem(401);
    let noted: Paged<AuditEntry> = auth.client.service().get("/internal/audit?event=sign_in_refused").await.json(200);
    assert_eq!(noted.items[0].address.as_deref(), Some("2001:db8:0:1::5"), "what is noted is the address");

    let follow = VerifyInput { token: "made up".into() };
    let mut refused = None;
    for n in 1..=200 {
        let answer = from(&format!("2001:db8:0:1::{n:x}")).post("/api/auth/verify-email", &follow).await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
        answer.problem(410);
    }
    assert_eq!(refused.expect("a limit for all of them").problem(429).code, "too_many_attempts");
    from("2001:db8:0:2::1").post("/api/auth/verify-email", &follow).await.problem(410);
}

async fn passwords_and_tokens_are_kept_hashed(backend: Backend) {
    let auth = Auth::start(backend).await;
    let tokens = auth.register("a@example.com").await;
    let db = auth.db.connect().await;
    let found = "SELECT COUNT(*) AS n FROM users WHERE password_hash LIKE '$argon2id$%'";
    assert_eq!(sql::number(db.read(), found, []).await.expect("counted"), 1);
    let plain = "SELECT COUNT(*) AS n FROM refresh_tokens WHERE hash = $1";
    assert_eq!(sql::number(db.read(), plain, [tokens.refresh_token.into()]).await.expect("counted"), 0);
    let audit = "SELECT COUNT(*) AS n FROM audit_log WHERE event = 'registered' AND user_id = $1";
    assert_eq!(sql::number(db.read(), audit, [tokens.user.id.into()]).await.expect("counted"), 1);
}
