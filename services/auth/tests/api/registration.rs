//! Who may register, and what an answer tells.

use contracts::{
    auth::{
        AuthSettings, Invitation, InvitationInput, LinkPurpose, MailSent, Me, NewInvitation, RegisterInput,
        Registration, SignInOptions, Tokens, Verified, VerifyInput,
    },
    blog::Paged,
    module::Role,
};
use kit::{
    db::sql,
    testing::{Answer, Backend},
};
use serde_json::Value;
use time::Duration;

use crate::support::{Auth, PASSWORD};

kit::on_both_databases!(
    admins_decide_who_may_register,
    a_verified_registration_tells_nothing,
    an_address_has_one_account_whoever_asks_first,
    registrations_end,
    an_invitation_lets_one_in,
    invitations_have_limits,
);

async fn try_register(auth: &Auth, email: &str, invitation: Option<&str>) -> Answer {
    let input = RegisterInput {
        email: email.into(),
        name: "Somebody".into(),
        password: PASSWORD.into(),
        invitation: invitation.map(str::to_owned),
        ..RegisterInput::default()
    };
    auth.client.post("/api/auth/register", &input).await
}

async fn verify(auth: &Auth, token: &str) -> Answer {
    auth.client.post("/api/auth/verify-email", &VerifyInput { token: token.into() }).await
}

async fn admins_decide_who_may_register(backend: Backend) {
    let auth = Auth::start(backend).await;
    let admin = auth.member("admin@example.com", Role::Admin).await;
    let options: SignInOptions = auth.client.get("/api/auth/options").await.json(200);
    assert_eq!((options.registration, options.verify_email), (Registration::Open, false));

    auth.decide(&admin, |settings| settings.registration = Registration::Closed).await;
    assert_eq!(try_register(&auth, "a@example.com", None).await.problem(403).code, "registration_closed");
    let settings = auth.decide(&admin, |settings| settings.registration = Registration::Invitation).await;
    assert_eq!(try_register(&auth, "a@example.com", None).await.problem(403).code, "invitation_needed");
    assert_eq!(try_register(&auth, "a@example.com", Some("x")).await.problem(403).code, "invitation_ended");
    let options: SignInOptions = auth.client.get("/api/auth/options").await.json(200);
    assert_eq!(options.registration, Registration::Invitation);

    let client = auth.signed_in(&admin);
    let stale = AuthSettings { version: settings.version - 1, ..settings.clone() };
    let answer = client.put("/api/auth/settings", &stale).await;
    assert_eq!(answer.problem(409).code, "stale_version");
    assert_eq!(answer.json::<serde_json::Value>(409)["current"]["registration"], "INVITATION");
    let cases = [
        (AuthSettings { site_name: " ".into(), ..settings.clone() }, "site_name"),
        (AuthSettings { site_name: "x".repeat(61), ..settings.clone() }, "site_name"),
        (AuthSettings { locale: "fr".into(), ..settings.clone() }, "locale"),
        (AuthSettings { locale: String::new(), ..settings.clone() }, "locale"),
    ];
    for (input, field) in cases {
        assert_eq!(client.put("/api/auth/settings", &input).await.field_error().0, field);
    }
    let mut unknown = serde_json::to_value(&settings).expect("JSON");
    unknown["registration"] = "SOMETIMES".into();
    assert_eq!(client.put("/api/auth/settings", &unknown).await.field_error().0, "registration");

    let user = auth.signed_in(&auth.member("user@example.com", Role::Author).await);
    user.get("/api/auth/settings").await.problem(403);
    user.put("/api/auth/settings", &settings).await.problem(403);
    auth.client.get("/api/auth/settings").await.problem(401);
}

async fn a_verified_registration_tells_nothing(backend: Backend) {
    let auth = Auth::start(backend).await;
    let admin = auth.member("admin@example.com", Role::Admin).await;
    auth.decide(&admin, |settings| settings.verify_email = true).await;

    let taken = try_register(&auth, "Admin@Example.com", None).await;
    let free = try_register(&auth, "freed@example.com", None).await;
    let sent: MailSent = taken.json(202);
    assert_eq!(sent.email, "admin@example.com");
    assert_eq!(free.json::<MailSent>(202).email, "freed@example.com");
    assert_eq!(taken.headers, free.headers);
    // Until the link is followed there is no account, and nobody signs in.
    auth.login("freed@example.com", PASSWORD).await.problem(401);

    let mail = auth.mail("admin@example.com", 1).await;
    assert!(mail.text.contains("already") && !mail.text.contains("/verify/"), "{}", mail.text);
    let token = auth.mail("freed@example.com", 1).await.token("/verify/");
    let verified: Verified = verify(&auth, &token).await.json(200);
    assert_eq!(verified, Verified { email: "freed@example.com".into(), purpose: LinkPurpose::Registration });
    assert_eq!(verify(&auth, &token).await.problem(410).code, "link_ended");
    let tokens: Tokens = auth.login("freed@example.com", PASSWORD).await.json(200);
    assert!(tokens.user.email_verified && tokens.user.role == Role::User);
    // Its owner's password is still the one of the account that was there.
    auth.login("admin@example.com", PASSWORD).await.json::<Tokens>(200);
}

async fn an_address_has_one_account_whoever_asks_first(backend: Backend) {
    let auth = Auth::start(backend).await;
    let admin = auth.member("admin@example.com", Role::Admin).await;
    auth.decide(&admin, |settings| settings.verify_email = true).await;
    let register = async |password: &str| {
        auth.try_register("both@example.com", "Somebody", password).await.json::<MailSent>(202);
    };
    register("the first password").await;
    let first = auth.mail("both@example.com", 1).await.token("/verify/");
    register("the second password").await;
    let second = auth.mail("both@example.com", 2).await.token("/verify/");
    let (one, other) = tokio::join!(verify(&auth, &first), verify(&auth, &second));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 410]);
    let (right, wrong) = if one.status == 200 { ("first", "second") } else { ("second", "first") };
    auth.login("both@example.com", &format!("the {right} password")).await.json::<Tokens>(200);
    auth.login("both@example.com", &format!("the {wrong} password")).await.problem(401);
}

async fn registrations_end(backend: Backend) {
    let auth = Auth::start(backend).await;
    let admin = auth.member("admin@example.com", Role::Admin).await;
    auth.decide(&admin, |settings| settings.verify_email = true).await;
    try_register(&auth, "late@example.com", None).await.json::<MailSent>(202);
    let token = auth.mail("late@example.com", 1).await.token("/verify/");
    let resend = serde_json::json!({ "email": "late@example.com" });
    auth.client.post("/api/auth/verify-email/resend", &resend).await.json::<MailSent>(202);
    assert_ne!(auth.mail("late@example.com", 2).await.token("/verify/"), token);
    auth.shared.advance(Duration::hours(25));
    verify(&auth, &token).await.problem(410);
    auth.client.service().post("/internal/maintenance", &()).await.json::<Value>(200);
    let db = auth.db.connect().await;
    let left = "SELECT (SELECT COUNT(*) FROM registrations) + (SELECT COUNT(*) FROM links) AS n";
    assert_eq!(sql::number(db.read(), left, []).await.expect("counted"), 0);
    // There is nothing to send again, and the answer is the same.
    auth.client.post("/api/auth/verify-email/resend", &resend).await.json::<MailSent>(202);
    auth.settle().await;
    assert_eq!(auth.mails().iter().filter(|mail| mail.to == "late@example.com").count(), 2);
}

async fn an_invitation_lets_one_in(backend: Backend) {
    let auth = Auth::start(backend).await;
    let admin = auth.member("admin@example.com", Role::Admin).await;
    let client = auth.signed_in(&admin);
    auth.decide(&admin, |settings| {
        settings.registration = Registration::Invitation;
        settings.verify_email = true;
        settings.site_name = "마루 사이트".into();
    })
    .await;

    let input = InvitationInput {
        email: Some("Guest@example.com".into()),
        role: Role::Author,
        locale: Some("ko".into()),
        ..InvitationInput::default()
    };
    let new: NewInvitation = client.post("/api/auth/invitations", &input).await.json(201);
    let mail = auth.mail("guest@example.com", 1).await;
    assert!(mail.text.contains("마루 사이트에 초대받으셨습니다"), "{}", mail.text);
    let token = mail.token("/register?invitation=");
    assert_eq!(new.link, format!("https://maru.test/register?invitation={token}"));
    let other = try_register(&auth, "other@example.com", Some(&token)).await;
    assert_eq!(other.field_error(), ("email".into(), "not_invited".into()));
    // Who got the mail needs no other to show that the address is theirs.
    let tokens: Tokens = try_register(&auth, "guest@example.com", Some(&token)).await.json(201);
    assert_eq!((tokens.user.role, tokens.user.email_verified), (Role::Author, true));
    assert_eq!(try_register(&auth, "guest@example.com", Some(&token)).await.problem(403).code, "invitation_ended");

    // A link for anybody lets the first one in whose address is confirmed.
    let open: NewInvitation = client.post("/api/auth/invitations", &InvitationInput::default()).await.json(201);
    let token = open.link.split('=').nth(1).expect("a token").to_owned();
    for email in ["one@example.com", "two@example.com"] {
        try_register(&auth, email, Some(&token)).await.json::<MailSent>(202);
    }
    let one = auth.mail("one@example.com", 1).await.token("/verify/");
    let two = auth.mail("two@example.com", 1).await.token("/verify/");
    verify(&auth, &one).await.json::<Verified>(200);
    assert_eq!(verify(&auth, &two).await.problem(403).code, "invitation_ended");
    auth.login("two@example.com", PASSWORD).await.problem(401);

    let list: Paged<Invitation> = client.get("/api/auth/invitations?size=1").await.json(200);
    assert_eq!((list.total, list.items.len()), (2, 1));
    let used_by = list.items[0].used_by.clone().expect("used");
    let me: Me =
        auth.signed_in(&auth.login("one@example.com", PASSWORD).await.json(200)).get("/api/auth/me").await.json(200);
    assert_eq!(used_by, me.id);
}

async fn invitations_have_limits(backend: Backend) {
    let auth = Auth::start(backend).await;
    let admin = auth.member("admin@example.com", Role::Admin).await;
    let client = auth.signed_in(&admin);
    let cases = [
        (InvitationInput { email: Some("nonsense".into()), ..InvitationInput::default() }, "email"),
        (InvitationInput { days: Some(0), ..InvitationInput::default() }, "days"),
        (InvitationInput { days: Some(31), ..InvitationInput::default() }, "days"),
        (InvitationInput { locale: Some("fr".into()), ..InvitationInput::default() }, "locale"),
    ];
    for (input, field) in cases {
        assert_eq!(client.post("/api/auth/invitations", &input).await.field_error().0, field);
    }
    let token = |new: &NewInvitation| new.link.split('=').nth(1).expect("a token").to_owned();
    let withdrawn: NewInvitation = client.post("/api/auth/invitations", &InvitationInput::default()).await.json(201);
    let path = format!("/api/auth/invitations/{}", withdrawn.invitation.id);
    assert_eq!(client.delete(&path).await.status, 204);
    client.delete(&path).await.problem(404);
    try_register(&auth, "a@example.com", Some(&token(&withdrawn))).await.problem(403);

    let input = InvitationInput { days: Some(1), ..InvitationInput::default() };
    let ended: NewInvitation = client.post("/api/auth/invitations", &input).await.json(201);
    let member = auth.signed_in(&auth.member("user@example.com", Role::User).await);
    member.get("/api/auth/invitations").await.problem(403);
    member.post("/api/auth/invitations", &input).await.problem(403);
    member.delete(&path).await.problem(403);

    auth.shared.advance(Duration::hours(25));
    try_register(&auth, "a@example.com", Some(&token(&ended))).await.problem(403);
    // Who is to be more than a member is invited only by who showed lately that they are an admin.
    let admin: Tokens = auth.refresh(&admin.refresh_token).await.json(200);
    for role in [Role::Author, Role::Admin] {
        let input = InvitationInput { role, ..InvitationInput::default() };
        let refused = auth.signed_in(&admin).post("/api/auth/invitations", &input).await;
        assert_eq!(refused.problem(403).code, "fresh_sign_in_needed");
    }
    let input = InvitationInput::default();
    auth.signed_in(&admin).post("/api/auth/invitations", &input).await.json::<NewInvitation>(201);
    auth.signed_in(&admin).get("/api/auth/invitations?size=101").await.problem(400);
}
