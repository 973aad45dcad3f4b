//! The profile, and the event that tells of it.

use contracts::{
    auth::{Me, ProfileInput, Tokens},
    events::{Event, UserProfileUpdated},
};
use kit::testing::Backend;

use crate::support::{Auth, Listener};

kit::on_both_databases!(what_is_absent_stays, a_new_name_is_told_to_others_once, odd_profiles_are_refused);

async fn what_is_absent_stays(backend: Backend) {
    let auth = Auth::start(backend).await;
    let tokens = auth.register("a@example.com").await;
    let client = auth.signed_in(&tokens);
    let input = ProfileInput { bio: Some(" About me ".into()), locale: Some("ko".into()), ..ProfileInput::default() };
    let me: Me = client.put("/api/auth/profile", &input).await.json(200);
    assert_eq!((me.name.as_str(), me.bio.as_str(), me.locale.as_deref()), ("Somebody", "About me", Some("ko")));
    let input = ProfileInput { avatar: Some("/media/me.png".into()), ..ProfileInput::default() };
    let me: Me = client.put("/api/auth/profile", &input).await.json(200);
    assert_eq!((me.bio.as_str(), me.avatar.as_deref()), ("About me", Some("/media/me.png")));
    let input = ProfileInput { avatar: Some(String::new()), ..ProfileInput::default() };
    assert_eq!(client.put("/api/auth/profile", &input).await.json::<Me>(200).avatar, None);
    assert_eq!(client.get("/api/auth/me").await.json::<Me>(200).bio, "About me");
    auth.client.put("/api/auth/profile", &input).await.problem(401);
}

async fn a_new_name_is_told_to_others_once(backend: Backend) {
    let auth = Auth::start(backend).await;
    let listener = Listener::on(&auth);
    let tokens = auth.register("a@example.com").await;
    let client = auth.signed_in(&tokens);
    for (name, bio) in [(Some("First"), None), (None, Some("no event")), (Some("Second"), None), (Some("Second"), None)]
    {
        let input =
            ProfileInput { name: name.map(str::to_owned), bio: bio.map(str::to_owned), ..ProfileInput::default() };
        client.put("/api/auth/profile", &input).await.json::<Me>(200);
    }
    let heard = listener.heard(UserProfileUpdated::KIND, 2).await;
    let names: Vec<_> = heard.iter().map(|message| message.data["name"].clone()).collect();
    assert_eq!(names, ["First", "Second"]);
    assert!(heard[0].sequence < heard[1].sequence);
    assert!(heard.iter().all(|message| message.aggregate_id == tokens.user.id));
    // The next token says the new name.
    let next: Tokens = auth.refresh(&tokens.refresh_token).await.json(200);
    assert_eq!(next.user.name, "Second");
}

async fn odd_profiles_are_refused(backend: Backend) {
    let auth = Auth::start(backend).await;
    let client = auth.signed_in(&auth.register("a@example.com").await);
    let cases = [
        (ProfileInput { name: Some(" ".into()), ..ProfileInput::default() }, "name", "required"),
        (ProfileInput { bio: Some("x".repeat(501)), ..ProfileInput::default() }, "bio", "too_long"),
        (ProfileInput { avatar: Some("javascript:alert(1)".into()), ..ProfileInput::default() }, "avatar", "invalid"),
        (ProfileInput { locale: Some("fr".into()), ..ProfileInput::default() }, "locale", "invalid"),
    ];
    for (input, field, code) in cases {
        let error = client.put("/api/auth/profile", &input).await.field_error();
        assert_eq!(error, (field.to_owned(), code.to_owned()));
    }
    let unknown = client.put("/api/auth/profile", &serde_json::json!({ "role": "ADMIN" })).await;
    assert_eq!(unknown.field_error(), ("role".into(), "unknown".into()));
}
