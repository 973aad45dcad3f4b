//! What other services and operators may do: the first admin, authors of imports, counts.

use std::os::unix::fs::PermissionsExt;

use contracts::{
    auth::{AuthorInput, NewUser, SetupInput, SetupState, Tokens, UserCard, UserCount},
    module::Role,
};
use kit::{Secret, testing::Backend};

use crate::support::{Auth, PASSWORD};

kit::on_both_databases!(
    the_setup_link_makes_one_admin,
    the_setup_link_outlives_restarts_until_there_is_an_admin,
    an_added_admin_ends_the_setup_link,
    import_authors_cannot_sign_in,
    internal_routes_need_the_service_token,
);

fn setup(token: &Secret, email: &str) -> SetupInput {
    SetupInput { token: token.expose().into(), email: email.into(), name: "Admin".into(), password: PASSWORD.into() }
}

fn link(auth: &Auth) -> Option<Secret> {
    auth::setup::link_token(auth.data.path())
}

async fn is_valid(auth: &Auth, token: &Secret) -> bool {
    let path = format!("/internal/setup?token={}", token.expose());
    auth.client.service().get(&path).await.json::<SetupState>(200).valid
}

async fn the_setup_link_makes_one_admin(backend: Backend) {
    let auth = Auth::start(backend).await;
    let token = link(&auth).expect("a first start leaves a link");
    let mode = std::fs::metadata(auth.data.path().join("setup-token")).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(is_valid(&auth, &token).await);
    let service = auth.client.service();
    service.post("/internal/setup", &setup(&Secret::random(), "a@example.com")).await.problem(403);
    let weak = SetupInput { password: "short".into(), ..setup(&token, "a@example.com") };
    assert_eq!(service.post("/internal/setup", &weak).await.field_error().0, "password");

    let (input, other) = (setup(&token, "a@example.com"), setup(&token, "b@example.com"));
    let (one, other) = tokio::join!(service.post("/internal/setup", &input), service.post("/internal/setup", &other));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 403], "one of two at once");
    let winner = if one.status == 201 { one } else { other };
    assert_eq!(winner.json::<Tokens>(201).user.role, Role::Admin);
    assert!(!is_valid(&auth, &token).await);
    assert!(link(&auth).is_none());
}

async fn the_setup_link_outlives_restarts_until_there_is_an_admin(backend: Backend) {
    let auth = Auth::start(backend).await;
    let token = link(&auth).expect("a link");
    let auth = auth.restart().await;
    assert_eq!(link(&auth).expect("the same link").expose(), token.expose());
    auth.client.service().post("/internal/setup", &setup(&token, "a@example.com")).await.json::<Tokens>(201);
    let auth = auth.restart().await;
    assert!(link(&auth).is_none());
    assert!(!is_valid(&auth, &token).await);
}

async fn an_added_admin_ends_the_setup_link(backend: Backend) {
    let auth = Auth::start(backend).await;
    let token = link(&auth).expect("a link");
    let user = NewUser {
        email: "a@example.com".into(),
        name: "Operator".into(),
        password: PASSWORD.into(),
        role: Role::Admin,
    };
    let service = auth.client.service();
    service.post("/internal/users", &user).await.json::<contracts::auth::Me>(201);
    assert_eq!(service.post("/internal/users", &user).await.field_error(), ("email".into(), "taken".into()));
    assert!(!is_valid(&auth, &token).await && link(&auth).is_none());
    assert_eq!(auth.login("a@example.com", PASSWORD).await.json::<Tokens>(200).user.role, Role::Admin);
}

async fn import_authors_cannot_sign_in(backend: Backend) {
    let auth = Auth::start(backend).await;
    let input = AuthorInput { key: "import:somebody".into(), name: "Somebody".into(), ..AuthorInput::default() };
    let service = auth.client.service();
    let (one, other) = tokio::join!(service.put("/internal/authors", &input), service.put("/internal/authors", &input));
    let card: UserCard = one.json(200);
    assert_eq!(card, other.json(200), "the same key is the same account");
    let renamed = AuthorInput { name: "Other".into(), ..input };
    assert_eq!(service.put("/internal/authors", &renamed).await.json::<UserCard>(200), card);
    auth.login("", "").await.problem(401);
    assert_eq!(service.get("/internal/users/count").await.json::<UserCount>(200).users, 0);
    auth.register("a@example.com").await;
    assert_eq!(service.get("/internal/users/count").await.json::<UserCount>(200).users, 1);
}

async fn internal_routes_need_the_service_token(backend: Backend) {
    let auth = Auth::start(backend).await;
    let client = auth.signed_in(&auth.register("a@example.com").await);
    client.get("/internal/users/count").await.problem(401);
    client.get("/internal/setup?token=x").await.problem(401);
    client.post("/internal/users", &NewUser::default()).await.problem(401);
    client.put("/internal/authors", &AuthorInput::default()).await.problem(401);
    client.post("/internal/setup", &SetupInput::default()).await.problem(401);
}
