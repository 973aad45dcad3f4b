//! Confirming an address, and changing it.

use contracts::auth::{
    EmailInput, LinkPurpose, MailSent, Me, ProfileInput, ResendInput, ResetRequest, Tokens, Verified, VerifyInput,
};
use kit::testing::{Answer, Backend};
use time::Duration;

use crate::support::{Auth, PASSWORD};

kit::on_both_databases!(
    an_address_is_confirmed_by_a_link,
    a_new_address_counts_when_it_is_confirmed,
    somebody_elses_address_is_not_told,
    an_address_changes_only_for_who_shows_who_they_are,
);

async fn verify(auth: &Auth, token: &str) -> Answer {
    auth.client.post("/api/auth/verify-email", &VerifyInput { token: token.into() }).await
}

fn change(email: &str, password: Option<&str>) -> EmailInput {
    EmailInput { email: email.into(), password: password.map(str::to_owned) }
}

async fn an_address_is_confirmed_by_a_link(backend: Backend) {
    let auth = Auth::start(backend).await;
    let tokens = auth.register("a@example.com").await;
    let client = auth.signed_in(&tokens);
    assert!(!tokens.user.email_verified);
    let first = auth.mail("a@example.com", 1).await;
    assert!(first.head.contains("Auto-Submitted: auto-generated"), "{}", first.head);
    assert!(first.from.contains("no-reply@maru.test"), "{}", first.from);
    client.post("/api/auth/verify-email/resend", &ResendInput::default()).await.json::<MailSent>(202);
    let second = auth.mail("a@example.com", 2).await.token("/verify/");
    let verified: Verified = verify(&auth, &second).await.json(200);
    assert_eq!(verified, Verified { email: "a@example.com".into(), purpose: LinkPurpose::Address });
    assert!(client.get("/api/auth/me").await.json::<Me>(200).email_verified);
    verify(&auth, &first.token("/verify/")).await.problem(410);
    // A confirmed one needs no mail.
    client.post("/api/auth/verify-email/resend", &ResendInput::default()).await.json::<MailSent>(202);
    auth.settle().await;
    assert_eq!(auth.mails().len(), 2);
    let nobody = auth.client.post("/api/auth/verify-email/resend", &ResendInput::default()).await;
    assert_eq!(nobody.field_error(), ("email".into(), "required".into()));
    verify(&auth, "nonsense").await.problem(410);
    // A link for something else is none for this.
    let ask = ResetRequest { email: "a@example.com".into(), ..ResetRequest::default() };
    auth.client.post("/api/auth/password-reset", &ask).await.json::<MailSent>(202);
    let reset = auth.mail("a@example.com", 3).await.token("/reset/");
    verify(&auth, &reset).await.problem(410);
}

async fn a_new_address_counts_when_it_is_confirmed(backend: Backend) {
    let auth = Auth::start(backend).await;
    let client = auth.signed_in(&auth.register("old@example.com").await);
    let sent = client.put("/api/auth/email", &change("New@example.com", Some(PASSWORD))).await;
    assert_eq!(sent.json::<MailSent>(202).email, "new@example.com");
    let me: Me = client.get("/api/auth/me").await.json(200);
    assert_eq!((me.email.as_str(), me.pending_email.as_deref()), ("old@example.com", Some("new@example.com")));
    let ask = ResetRequest { email: "old@example.com".into(), ..ResetRequest::default() };
    auth.client.post("/api/auth/password-reset", &ask).await.json::<MailSent>(202);
    let reset = auth.mail("old@example.com", 2).await.token("/reset/");

    let token = auth.mail("new@example.com", 1).await.token("/verify/");
    let verified: Verified = verify(&auth, &token).await.json(200);
    assert_eq!(verified.purpose, LinkPurpose::AddressChange);
    let me: Me = client.get("/api/auth/me").await.json(200);
    assert_eq!((me.email.as_str(), me.pending_email, me.email_verified), ("new@example.com", None, true));
    assert!(auth.mail("old@example.com", 3).await.text.contains("new@example.com"), "the old one hears of it");
    auth.login("new@example.com", PASSWORD).await.json::<Tokens>(200);
    auth.login("old@example.com", PASSWORD).await.problem(401);
    // Who reads the old mailbox cannot get in any more.
    let input = contracts::auth::ResetInput { token: reset, password: "another horse battery".into() };
    auth.client.post("/api/auth/password-reset/confirm", &input).await.problem(410);
}

async fn somebody_elses_address_is_not_told(backend: Backend) {
    let auth = Auth::start(backend).await;
    auth.register("taken@example.com").await;
    let client = auth.signed_in(&auth.register("a@example.com").await);
    let taken = client.put("/api/auth/email", &change("taken@example.com", None)).await;
    assert_eq!(taken.json::<MailSent>(202).email, "taken@example.com");
    let mail = auth.mail("taken@example.com", 2).await;
    assert!(!mail.text.contains("/verify/"), "{}", mail.text);
    let me: Me = client.get("/api/auth/me").await.json(200);
    assert_eq!(me.pending_email.as_deref(), Some("taken@example.com"), "as it would be with any");

    // Somebody else is quicker.
    client.put("/api/auth/email", &change("late@example.com", None)).await.json::<MailSent>(202);
    let token = auth.mail("late@example.com", 1).await.token("/verify/");
    auth.register("late@example.com").await;
    verify(&auth, &token).await.problem(410);
    assert_eq!(client.get("/api/auth/me").await.json::<Me>(200).email, "a@example.com");
}

async fn an_address_changes_only_for_who_shows_who_they_are(backend: Backend) {
    let auth = Auth::start(backend).await;
    let tokens = auth.register("a@example.com").await;
    auth.shared.advance(Duration::minutes(16));
    let client = auth.signed_in(&auth.refresh(&tokens.refresh_token).await.json(200));
    let refused = client.put("/api/auth/email", &change("b@example.com", None)).await;
    assert_eq!(refused.problem(403).code, "fresh_sign_in_needed");
    let wrong = client.put("/api/auth/email", &change("b@example.com", Some("not the password"))).await;
    assert_eq!(wrong.field_error(), ("password".into(), "wrong_credentials".into()));
    let input = contracts::auth::ReauthInput { password: PASSWORD.into() };
    assert_eq!(client.post("/api/auth/reauthenticate", &input).await.status, 204);
    client.put("/api/auth/email", &change("b@example.com", None)).await.json::<MailSent>(202);
    assert_eq!(client.put("/api/auth/email", &change("nonsense", None)).await.field_error().0, "email");
    let same = client.put("/api/auth/email", &change("A@example.com", None)).await;
    assert_eq!(same.field_error(), ("email".into(), "unchanged".into()));
    let korean = ProfileInput { locale: Some("ko".into()), ..ProfileInput::default() };
    client.put("/api/auth/profile", &korean).await.json::<Me>(200);
    client.put("/api/auth/email", &change("c@example.com", None)).await.json::<MailSent>(202);
    assert!(auth.mail("c@example.com", 1).await.text.contains("본인의 주소"));
}
