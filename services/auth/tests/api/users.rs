//! What admins do with accounts.

use contracts::{
    auth::{AuditEntry, Me, NameTaken, NewUser, Tokens, UserAccount, UserStatus},
    blog::Paged,
    events::{AccessRevoked, Event, UserSuspended},
    module::Role,
};
use kit::testing::{Answer, Backend, Client};
use serde_json::{Value, json};
use time::Duration;

use crate::support::{Auth, Listener, PASSWORD};

kit::on_both_databases!(
    accounts_are_found,
    odd_questions_are_refused,
    only_admins_see_and_change_accounts,
    a_suspended_user_is_out_at_once,
    a_new_role_counts_at_once,
    the_last_admin_stays,
    of_two_admins_who_depose_each_other_one_stays,
    what_happened_is_noted,
    old_notes_are_forgotten,
    guests_learn_which_names_are_taken,
);

async fn suspend(client: &Client, id: &str) -> Answer {
    client.put(&format!("/api/users/{id}/status"), &json!({ "status": "SUSPENDED" })).await
}

async fn give(client: &Client, id: &str, role: Role) -> Answer {
    client.put(&format!("/api/users/{id}/role"), &json!({ "role": role })).await
}

async fn accounts_are_found(backend: Backend) {
    let auth = Auth::start(backend).await;
    let admin = auth.member("admin@example.com", Role::Admin).await;
    let client = auth.signed_in(&admin);
    for (email, name, role) in [
        ("kim@example.com", "김 마루", Role::Author),
        ("lee@example.com", "Lee 100%", Role::User),
        ("zoe@example.com", "Zoë", Role::User),
    ] {
        let user = NewUser { email: email.into(), name: name.into(), password: PASSWORD.into(), role };
        auth.client.service().post("/internal/users", &user).await.json::<Me>(201);
    }
    let emails = async |query: &str| -> Vec<String> {
        let page: Paged<UserAccount> = client.get(&format!("/api/users?{query}")).await.json(200);
        page.items.into_iter().map(|user| user.email.unwrap_or_default()).collect()
    };
    let newest = ["zoe@example.com", "lee@example.com", "kim@example.com", "admin@example.com"];
    assert_eq!(emails("").await, newest);
    assert_eq!(emails("sort=oldest").await, newest.iter().rev().copied().collect::<Vec<_>>());
    assert_eq!(emails("sort=email&size=2&page=2").await, ["lee@example.com", "zoe@example.com"]);
    assert_eq!(emails("sort=name&size=1").await, ["admin@example.com"]);
    assert_eq!(emails("sort=seen&size=1").await, ["admin@example.com"]);
    assert_eq!(emails("q=%EA%B9%80%EB%A7%88").await, ["kim@example.com"], "blanks do not matter");
    assert_eq!(emails("q=ZO%C3%8B").await, ["zoe@example.com"], "nor does case");
    assert_eq!(emails("q=100%25").await, ["lee@example.com"], "a percent sign is itself");
    assert_eq!(emails("q=%25%25").await, Vec::<String>::new());
    assert_eq!(emails("q=LEE@ex").await, ["lee@example.com"]);
    assert_eq!(emails("role=AUTHOR").await, ["kim@example.com"]);
    assert_eq!(emails("status=SUSPENDED").await, Vec::<String>::new());
    let page: Paged<UserAccount> = client.get("/api/users?size=1").await.json(200);
    assert_eq!((page.items.len(), page.total), (1, 4));
    let one: UserAccount = client.get(&format!("/api/users/{}", admin.user.id)).await.json(200);
    assert_eq!((one.role, one.status, one.last_seen_at.is_some()), (Role::Admin, UserStatus::Active, true));
    client.get("/api/users/nobody").await.problem(404);
}

async fn odd_questions_are_refused(backend: Backend) {
    let auth = Auth::start(backend).await;
    let client = auth.signed_in(&auth.member("admin@example.com", Role::Admin).await);
    let long = format!("q={}", "x".repeat(201));
    for query in ["page=0", "size=0", "size=101", "page=-1", "page=x", "sort=odd", "role=KING", "status=DEAD", &long] {
        client.get(&format!("/api/users?{query}")).await.problem(400);
    }
    for query in ["event=odd", "from=yesterday", "to=2026-13-40T00:00:00Z", "size=1000"] {
        client.get(&format!("/api/users/audit?{query}")).await.problem(400);
    }
    for query in [&long, "size=0", "role=KING"] {
        client.get(&format!("/api/users?ids=&{query}")).await.problem(400);
    }
    let many = vec!["0190163d-8694-739b-aea5-966c26f8ad91"; 101].join(",");
    client.get(&format!("/api/users?ids={many}")).await.problem(400);
    let id = auth.register("a@example.com").await.user.id;
    let path = format!("/api/users/{id}/status");
    assert_eq!(
        client.put(&path, &json!({ "status": "DEAD" })).await.field_error(),
        ("status".into(), "invalid".into())
    );
    assert_eq!(client.put(&path, &json!({})).await.field_error(), ("status".into(), "required".into()));
    let path = format!("/api/users/{id}/role");
    assert_eq!(client.put(&path, &json!({ "role": "KING" })).await.field_error().0, "role");
    suspend(&client, "nobody").await.problem(404);
    give(&client, "nobody", Role::Author).await.problem(404);
}

async fn only_admins_see_and_change_accounts(backend: Backend) {
    let auth = Auth::start(backend).await;
    let admin = auth.member("admin@example.com", Role::Admin).await;
    let author = auth.signed_in(&auth.member("author@example.com", Role::Author).await);
    for client in [&author] {
        client.get("/api/users").await.problem(403);
        client.get(&format!("/api/users/{}", admin.user.id)).await.problem(403);
        client.get("/api/users/audit").await.problem(403);
        suspend(client, &admin.user.id).await.problem(403);
        give(client, &admin.user.id, Role::User).await.problem(403);
    }
    auth.client.get("/api/users").await.problem(401);
    auth.client.get("/api/users/audit").await.problem(401);
    suspend(&auth.client, &admin.user.id).await.problem(401);
    auth.client.get("/internal/audit").await.problem(401);
}

async fn a_suspended_user_is_out_at_once(backend: Backend) {
    let auth = Auth::start(backend).await;
    let heard = Listener::on(&auth);
    let admin = auth.signed_in(&auth.member("admin@example.com", Role::Admin).await);
    let user = auth.register("a@example.com").await;
    auth.signed_in(&user).get("/api/auth/me").await.json::<Me>(200);
    let account: UserAccount = suspend(&admin, &user.user.id).await.json(200);
    assert_eq!(account.status, UserStatus::Suspended);
    // A token that is good for minutes still opens nothing, here or at any other service.
    auth.signed_in(&user).get("/api/auth/me").await.problem(401);
    auth.signed_in(&user).get("/api/auth/validate-token").await.problem(401);
    assert!(auth.shared.shared.verifier.verify(&user.access_token).await.is_none());
    auth.refresh(&user.refresh_token).await.problem(401);
    assert_eq!(auth.login("a@example.com", PASSWORD).await.problem(403).code, "suspended");
    auth.login("a@example.com", "not the password").await.problem(401);
    let event = heard.heard(UserSuspended::KIND, 1).await.remove(0);
    assert_eq!((event.aggregate_id.as_str(), &event.data["user_id"]), (user.user.id.as_str(), &json!(user.user.id)));
    assert_eq!(heard.heard(AccessRevoked::KIND, 1).await[0].data["generation"], 1);

    // Twice is once.
    suspend(&admin, &user.user.id).await.json::<UserAccount>(200);
    let path = format!("/api/users/{}/status", user.user.id);
    let account: UserAccount = admin.put(&path, &json!({ "status": "ACTIVE" })).await.json(200);
    assert_eq!(account.status, UserStatus::Active);
    let again: Tokens = auth.login("a@example.com", PASSWORD).await.json(200);
    auth.signed_in(&again).get("/api/auth/me").await.json::<Me>(200);
    auth.signed_in(&user).get("/api/auth/me").await.problem(401);
    assert_eq!(heard.heard(UserSuspended::KIND, 1).await.len(), 1);
}

async fn a_new_role_counts_at_once(backend: Backend) {
    let auth = Auth::start(backend).await;
    let admin = auth.member("admin@example.com", Role::Admin).await;
    let other = auth.member("other@example.com", Role::Admin).await;
    let client = auth.signed_in(&admin);
    client.get("/api/users").await.json::<Value>(200);
    let account: UserAccount = give(&client, &other.user.id, Role::User).await.json(200);
    assert_eq!(account.role, Role::User);
    // The old token says ADMIN, and is refused; the session goes on with one that says USER.
    auth.signed_in(&other).get("/api/users").await.problem(401);
    let next: Tokens = auth.refresh(&other.refresh_token).await.json(200);
    assert_eq!(next.user.role, Role::User);
    auth.signed_in(&next).get("/api/users").await.problem(403);
    auth.signed_in(&next).get("/api/auth/me").await.json::<Me>(200);

    // Making more of somebody needs a fresh sign-in, making less of them does not.
    auth.shared.advance(Duration::minutes(16));
    let late = auth.signed_in(&auth.refresh(&admin.refresh_token).await.json(200));
    for role in [Role::Author, Role::Admin] {
        assert_eq!(give(&late, &other.user.id, role).await.problem(403).code, "fresh_sign_in_needed");
    }
    give(&late, &other.user.id, Role::User).await.json::<UserAccount>(200);
    let path = format!("/api/users/{}/role", other.user.id);
    let input = json!({ "role": "ADMIN", "password": "not the password" });
    assert_eq!(late.put(&path, &input).await.field_error().0, "password");
    let input = json!({ "role": "ADMIN", "password": PASSWORD });
    assert_eq!(late.put(&path, &input).await.json::<UserAccount>(200).role, Role::Admin);
    assert_eq!(give(&late, &other.user.id, Role::Author).await.json::<UserAccount>(200).role, Role::Author);
}

async fn the_last_admin_stays(backend: Backend) {
    let auth = Auth::start(backend).await;
    let admin = auth.member("admin@example.com", Role::Admin).await;
    let client = auth.signed_in(&admin);
    let id = &admin.user.id;
    assert_eq!(suspend(&client, id).await.problem(409).code, "last_admin");
    assert_eq!(give(&client, id, Role::Author).await.problem(409).code, "last_admin");
    let delete = json!({ "password": PASSWORD, "keep_content": true });
    let bytes = serde_json::to_vec(&delete).expect("JSON").into();
    let deleted = client.send(http::Method::DELETE, "/api/auth/me", Some("application/json"), bytes).await;
    assert_eq!(deleted.problem(409).code, "last_admin");
    // A suspended admin is no help.
    let other = auth.member("other@example.com", Role::Admin).await;
    suspend(&client, &other.user.id).await.json::<UserAccount>(200);
    assert_eq!(give(&client, id, Role::User).await.problem(409).code, "last_admin");
    client.get("/api/users").await.json::<Value>(200);
}

async fn of_two_admins_who_depose_each_other_one_stays(backend: Backend) {
    let auth = Auth::start(backend).await;
    let one = auth.member("one@example.com", Role::Admin).await;
    let two = auth.member("two@example.com", Role::Admin).await;
    let (first, second) = (auth.signed_in(&one), auth.signed_in(&two));
    let (left, right) = tokio::join!(give(&first, &two.user.id, Role::User), give(&second, &one.user.id, Role::User));
    let done = [&left, &right].into_iter().filter(|answer| answer.status == 200).count();
    assert_eq!(done, 1, "{} {}", left.status, right.status);
    let service = auth.client.service();
    let mut admins = 0;
    for email in ["one@example.com", "two@example.com"] {
        let tokens: Tokens = auth.login(email, PASSWORD).await.json(200);
        admins += usize::from(tokens.user.role == Role::Admin);
    }
    assert_eq!(admins, 1);
    service.get("/internal/audit?event=role_changed").await.json::<Paged<AuditEntry>>(200);
}

async fn what_happened_is_noted(backend: Backend) {
    let auth = Auth::start(backend).await;
    let admin = auth.member("admin@example.com", Role::Admin).await;
    let client = auth.signed_in(&admin);
    let user = auth.register("a@example.com").await.user.id;
    auth.login("a@example.com", "not the password").await.problem(401);
    give(&client, &user, Role::Author).await.json::<UserAccount>(200);
    suspend(&client, &user).await.json::<UserAccount>(200);
    let page: Paged<AuditEntry> = client.get(&format!("/api/users/audit?user={user}")).await.json(200);
    let events: Vec<_> = page.items.iter().map(|entry| entry.event.as_str()).collect();
    assert_eq!(events, ["status_changed", "role_changed", "registered"]);
    let role = &page.items[1];
    assert_eq!(role.detail.as_deref(), Some("USER → AUTHOR"));
    assert_eq!(role.actor_id.as_ref(), Some(&admin.user.id));
    let internal: Paged<AuditEntry> =
        auth.client.service().get("/internal/audit?event=sign_in_refused&size=1").await.json(200);
    assert_eq!((internal.total, internal.items[0].user_id.as_deref()), (1, None), "a name tried is not noted");
    let both: Paged<AuditEntry> = client.get("/api/users/audit?size=2&page=2").await.json(200);
    assert_eq!(both.items.len(), 2);
    let none: Paged<AuditEntry> = client.get("/api/users/audit?to=2020-01-01T00:00:00Z").await.json(200);
    assert_eq!(none.total, 0);
    let all: Paged<AuditEntry> = client.get("/api/users/audit?from=2020-01-01T00:00:00Z").await.json(200);
    assert!(all.total >= 5);
}

async fn old_notes_are_forgotten(backend: Backend) {
    let auth = Auth::start_with(backend, |settings| settings.audit_days = 30).await;
    let service = auth.client.service();
    auth.member("admin@example.com", Role::Admin).await;
    let total = async || service.get("/internal/audit").await.json::<Paged<AuditEntry>>(200).total;
    let before = total().await;
    auth.shared.advance(Duration::days(29));
    service.post("/internal/maintenance", &()).await.json::<Value>(200);
    assert_eq!(total().await, before);
    auth.shared.advance(Duration::days(2));
    service.post("/internal/maintenance", &()).await.json::<Value>(200);
    assert_eq!(total().await, 0);
}

async fn guests_learn_which_names_are_taken(backend: Backend) {
    let auth = Auth::start(backend).await;
    let service = auth.client.service();
    let taken = async |name: &str| {
        service.get(&format!("/internal/users/name-taken?name={name}")).await.json::<NameTaken>(200).taken
    };
    assert!(!taken("Somebody").await);
    auth.register("a@example.com").await;
    // However it is spelled: case, blanks, full width, characters that nobody sees.
    for name in ["Somebody", "some%20BODY", "%EF%BC%B3omebody", "so%E2%80%8Bmebody"] {
        assert!(taken(name).await, "{name}");
    }
    assert!(!taken("Somebod").await);
    assert!(!taken("").await);
    auth.client.get("/internal/users/name-taken?name=x").await.problem(401);
}
