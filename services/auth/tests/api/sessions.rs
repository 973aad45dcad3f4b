//! Sessions: refresh, reuse, sign out.

use contracts::{
    auth::{LoginInput, Me, SessionInfo, Tokens},
    blog::Paged,
};
use kit::testing::Backend;
use serde_json::Value;
use time::Duration;

use crate::support::{Auth, PASSWORD};

kit::on_both_databases!(
    a_session_goes_on,
    a_token_used_again_ends_its_session,
    a_lost_answer_is_no_theft,
    signing_out_ends_the_session_alone,
    sessions_end_by_themselves,
    keys_outlive_a_restart,
    sessions_are_listed_and_ended,
    a_thief_is_noticed_as_soon_as_the_owner_moved_on,
);

async fn a_session_goes_on(backend: Backend) {
    let auth = Auth::start(backend).await;
    let mut tokens = auth.register("a@example.com").await;
    for _ in 0..3 {
        auth.shared.advance(Duration::days(20));
        auth.signed_in(&tokens).get("/api/auth/me").await.problem(401);
        let next: Tokens = auth.refresh(&tokens.refresh_token).await.json(200);
        assert_ne!(next.refresh_token, tokens.refresh_token);
        auth.signed_in(&next).get("/api/auth/me").await.json::<Me>(200);
        tokens = next;
    }
}

async fn a_token_used_again_ends_its_session(backend: Backend) {
    let auth = Auth::start(backend).await;
    let first = auth.register("a@example.com").await;
    let second: Tokens = auth.refresh(&first.refresh_token).await.json(200);
    let elsewhere: Tokens = auth.login("a@example.com", PASSWORD).await.json(200);
    auth.shared.advance(Duration::minutes(1));
    assert_eq!(auth.refresh(&first.refresh_token).await.problem(401).code, "session_ended");
    auth.refresh(&second.refresh_token).await.problem(401);
    // Another session of the same user is not concerned.
    auth.refresh(&elsewhere.refresh_token).await.json::<Tokens>(200);
}

async fn a_lost_answer_is_no_theft(backend: Backend) {
    let auth = Auth::start(backend).await;
    let first = auth.register("a@example.com").await;
    let (one, other) = tokio::join!(auth.refresh(&first.refresh_token), auth.refresh(&first.refresh_token));
    let (one, other): (Tokens, Tokens) = (one.json(200), other.json(200));
    for tokens in [one, other] {
        auth.refresh(&tokens.refresh_token).await.json::<Tokens>(200);
    }
}

async fn signing_out_ends_the_session_alone(backend: Backend) {
    let auth = Auth::start(backend).await;
    let here = auth.register("a@example.com").await;
    let there: Tokens = auth.login("a@example.com", PASSWORD).await.json(200);
    assert_eq!(auth.logout(&here.refresh_token).await.status, 204);
    assert_eq!(auth.logout(&here.refresh_token).await.status, 204);
    assert_eq!(auth.logout("nonsense").await.status, 204);
    auth.refresh(&here.refresh_token).await.problem(401);
    auth.refresh(&there.refresh_token).await.json::<Tokens>(200);
}

async fn sessions_end_by_themselves(backend: Backend) {
    let auth = Auth::start(backend).await;
    let mut tokens = auth.register("a@example.com").await;
    auth.shared.advance(Duration::days(31));
    auth.refresh(&tokens.refresh_token).await.problem(401);
    tokens = auth.login("a@example.com", PASSWORD).await.json(200);
    for _ in 0..6 {
        auth.shared.advance(Duration::days(29));
        tokens = auth.refresh(&tokens.refresh_token).await.json(200);
    }
    // Used all the time, it ends after half a year.
    auth.shared.advance(Duration::days(7));
    auth.refresh(&tokens.refresh_token).await.problem(401);
    auth.refresh("").await.problem(401);
}

async fn keys_outlive_a_restart(backend: Backend) {
    let auth = Auth::start(backend).await;
    let tokens = auth.register("a@example.com").await;
    let before: Value = auth.client.get("/.well-known/jwks.json").await.json(200);
    let auth = auth.restart().await;
    let after: Value = auth.client.get("/.well-known/jwks.json").await.json(200);
    assert_eq!(before, after);
    assert!(before["keys"][0].get("d").is_none(), "the private half stays here");
    auth.signed_in(&tokens).get("/api/auth/me").await.json::<Me>(200);
    auth.refresh(&tokens.refresh_token).await.json::<Tokens>(200);
}

async fn sessions_are_listed_and_ended(backend: Backend) {
    let auth = Auth::start(backend).await;
    let here = auth.register("a@example.com").await;
    let there: Tokens = auth.login("a@example.com", PASSWORD).await.json(200);
    let stranger = auth.register("b@example.com").await;
    let list = async |tokens: &Tokens| -> Vec<SessionInfo> {
        auth.signed_in(tokens).get("/api/auth/sessions").await.json::<Paged<SessionInfo>>(200).items
    };
    let sessions = list(&here).await;
    assert_eq!(sessions.len(), 2);
    assert_eq!(sessions.iter().filter(|session| session.current).count(), 1);
    assert!(sessions.iter().all(|session| session.method == "password"));
    let other = sessions.iter().find(|session| !session.current).expect("the other one");
    let path = format!("/api/auth/sessions/{}", other.id);
    // Nobody ends somebody else's, or learns that there is one.
    auth.signed_in(&stranger).delete(&path).await.problem(404);
    auth.signed_in(&there).get("/api/auth/me").await.json::<Me>(200);
    assert_eq!(auth.signed_in(&here).delete(&path).await.status, 204);
    auth.signed_in(&here).delete(&path).await.problem(404);
    auth.signed_in(&there).get("/api/auth/me").await.problem(401);
    auth.refresh(&there.refresh_token).await.problem(401);

    for _ in 0..3 {
        auth.login("a@example.com", PASSWORD).await.json::<Tokens>(200);
    }
    assert_eq!(list(&here).await.len(), 4);
    assert_eq!(auth.signed_in(&here).delete("/api/auth/sessions").await.status, 204);
    let left = list(&here).await;
    assert!(left.len() == 1 && left[0].current);
    assert_eq!(list(&stranger).await.len(), 1);
    auth.client.get("/api/auth/sessions").await.problem(401);

    // Where from, and with what.
    let body = serde_json::to_vec(&LoginInput {
        email: "a@example.com".into(),
        password: PASSWORD.into(),
        ..LoginInput::default()
    });
    let request = http::Request::post("/api/auth/login")
        .header("content-type", "application/json")
        .header("user-agent", "A browser")
        .header("x-forwarded-for", "192.0.2.7, 10.0.0.1")
        .body(axum::body::Body::from(body.expect("JSON")))
        .expect("a request");
    let answer = tower::ServiceExt::oneshot(auth.router.clone(), request).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let newest = list(&here).await.into_iter().find(|session| !session.current).expect("the new one");
    assert_eq!((newest.user_agent.as_deref(), newest.address.as_deref()), (Some("A browser"), Some("192.0.2.7")));
}

async fn a_thief_is_noticed_as_soon_as_the_owner_moved_on(backend: Backend) {
    let auth = Auth::start(backend).await;
    let first = auth.register("a@example.com").await;
    let second: Tokens = auth.refresh(&first.refresh_token).await.json(200);
    let third: Tokens = auth.refresh(&second.refresh_token).await.json(200);
    // Within the time in which an answer may have been lost: but it was not.
    assert_eq!(auth.refresh(&first.refresh_token).await.problem(401).code, "session_ended");
    auth.refresh(&third.refresh_token).await.problem(401);
    auth.signed_in(&third).get("/api/auth/me").await.problem(401);
}
