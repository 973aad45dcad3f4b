//! Signing in elsewhere, at a real provider.

use std::collections::BTreeMap;

use auth::settings::ProviderSettings;
use contracts::{
    auth::{GoogleInput, Identity, Me, OidcDone, OidcStart, PasswordInput, Registration, SessionInfo, Tokens},
    blog::Paged,
    module::Role,
};
use http::{StatusCode, header};
use kit::{
    Secret,
    db::sql,
    testing::{Answer, Backend},
};
use reqwest::{Method, Url};
use serde_json::Value;
use time::Duration;

use crate::{
    servers::Server,
    support::{Auth, PASSWORD},
};

kit::on_both_databases!(
    somebody_signs_in_elsewhere,
    an_answer_counts_once_and_in_the_browser_that_asked,
    what_does_not_belong_together_is_refused,
    only_confirmed_addresses_open_accounts,
    a_provider_is_linked_and_unlinked,
    registration_may_be_closed,
    googles_id_tokens_are_taken_once,
    a_provider_that_is_away_is_no_fault_of_ours,
);

const SECRET: &str = "the secret & its +=%";

/// Who signs in by a browser: follows redirects, keeps cookies, submits the provider's forms.
struct Browser {
    http: reqwest::Client,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    fn new() -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        Self { http, cookies: BTreeMap::new() }
    }

    async fn send(&mut self, method: Method, url: Url, form: Option<String>) -> (StatusCode, Option<String>, String) {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = self.http.request(method, url).header("cookie", cookies.join("; "));
        if let Some(form) = form {
            request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
        }
        let response = request.send().await.expect("an answer");
        for cookie in response.headers().get_all("set-cookie") {
            let cookie = cookie.to_str().expect("text").split(';').next().unwrap_or_default();
            let (name, value) = cookie.split_once('=').expect("a cookie");
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let location = response.headers().get("location").map(|to| to.to_str().expect("text").to_owned());
        (response.status(), location, response.text().await.expect("a body"))
    }

    /// Signs in as `login` at the provider and agrees to everything; answers where it ends up on our
    /// site.
    async fn sign_in(&mut self, start: &str, login: &str) -> String {
        let mut url = Url::parse(start).expect("a URL");
        let mut form = None;
        for _ in 0..12 {
            let method = if form.is_some() { Method::POST } else { Method::GET };
            let (status, location, body) = self.send(method, url.clone(), form.take()).await;
            if let Some(location) = location {
                url = url.join(&location).expect("a URL");
                if url.host_str() == Some("maru.test") {
                    return format!("{}?{}", url.path(), url.query().unwrap_or_default());
                }
                continue;
            }
            assert_eq!(status, 200, "{body}");
            let action = body.split("action=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a form");
            url = url.join(action).expect("a URL");
            let is_login = body.contains("name=\"login\"");
            let mut pairs = url::form_urlencoded::Serializer::new(String::new());
            pairs.append_pair("prompt", if is_login { "login" } else { "consent" });
            if is_login {
                pairs.append_pair("login", login).append_pair("password", "any");
            }
            form = Some(pairs.finish());
        }
        panic!("the provider never came back");
    }
}

fn provider(id: &str, server: &Server) -> ProviderSettings {
    ProviderSettings {
        id: id.into(),
        name: "A provider".into(),
        issuer: server.place.clone(),
        client_id: "maru".into(),
        client_secret: Some(Secret::new(SECRET)),
    }
}

async fn server(claims: &str) -> Server {
    let redirects = ["local", "google"].map(|id| format!("https://maru.test/api/auth/oidc/{id}/callback"));
    Server::start("oidc.mjs", &[claims, &redirects[0], &redirects[1]]).await
}

/// The service with a provider `local`.
async fn start(backend: Backend) -> (Server, Auth) {
    let server = server("conform").await;
    let settings = provider("local", &server);
    (server, Auth::start_with(backend, |auth| auth.providers = vec![settings]).await)
}

async fn begin(auth: &Auth, query: &str, token: Option<&str>) -> Answer {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let mut headers = vec![("accept", "application/json")];
    headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    auth.get_with(&format!("/api/auth/oidc/local{query}"), &headers).await
}

async fn come_back(auth: &Auth, path: &str, binding: &str) -> Answer {
    auth.get_with(path, &[("x-oidc-binding", binding)]).await
}

/// The whole way.
async fn sign_in(auth: &Auth, login: &str) -> Answer {
    let start: OidcStart = begin(auth, "", None).await.json(200);
    let path = Browser::new().sign_in(&start.location, login).await;
    come_back(auth, &path, &start.binding).await
}

async fn somebody_signs_in_elsewhere(backend: Backend) {
    let (_server, auth) = start(backend).await;
    let options: Value = auth.client.get("/api/auth/options").await.json(200);
    assert_eq!(options["providers"], serde_json::json!([{ "id": "local", "name": "A provider" }]));

    let start: OidcStart = begin(&auth, "?next=/posts/hello", None).await.json(200);
    for part in ["code_challenge_method=S256", "code_challenge=", "nonce=", "state=", "scope=openid"] {
        assert!(start.location.contains(part), "{part} in {}", start.location);
    }
    let path = Browser::new().sign_in(&start.location, "new@example.com").await;
    let done: OidcDone = come_back(&auth, &path, &start.binding).await.json(200);
    assert_eq!((done.next.as_str(), done.registered), ("/posts/hello", true));
    let tokens = done.tokens.expect("a session");
    let me = &tokens.user;
    assert_eq!((me.email.as_str(), me.name.as_str()), ("new@example.com", "Name of new@example.com"));
    assert_eq!((me.email_verified, me.has_password, me.providers.as_slice()), (true, false, &["local".to_owned()][..]));
    let sessions = auth.signed_in(&tokens).get("/api/auth/sessions").await.json::<Paged<SessionInfo>>(200).items;
    assert_eq!(sessions[0].method, "local");

    let again: OidcDone = sign_in(&auth, "new@example.com").await.json(200);
    assert!(!again.registered);
    assert_eq!(again.tokens.expect("a session").user.id, me.id);

    // A browser without the BFF gets a cookie and is sent on.
    let answer = auth.get_with("/api/auth/oidc/local?next=//evil.example", &[("accept", "text/html")]).await;
    assert_eq!(answer.status, 303);
    let cookie = answer.headers[header::SET_COOKIE].to_str().expect("text").to_owned();
    for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/api/auth/oidc"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let location = answer.headers[header::LOCATION].to_str().expect("text").to_owned();
    let path = Browser::new().sign_in(&location, "new@example.com").await;
    let cookie = format!("x=y; {}", cookie.split(';').next().expect("a cookie"));
    let done: OidcDone = auth.get_with(&path, &[("cookie", &cookie)]).await.json(200);
    assert_eq!(done.next, "/", "nobody is sent to another site");

    // A suspended account is not opened that way either.
    let admin = auth.signed_in(&auth.member("admin@example.com", Role::Admin).await);
    let suspend = serde_json::json!({ "status": "SUSPENDED" });
    admin.put(&format!("/api/users/{}/status", me.id), &suspend).await.json::<Value>(200);
    assert_eq!(sign_in(&auth, "new@example.com").await.problem(403).code, "suspended");
    auth.client.get("/api/auth/oidc/nobody").await.problem(404);
    auth.client.get("/api/auth/oidc/nobody/callback?state=x&code=y").await.problem(404);
}

async fn an_answer_counts_once_and_in_the_browser_that_asked(backend: Backend) {
    let (_server, auth) = start(backend).await;
    let start: OidcStart = begin(&auth, "", None).await.json(200);
    let path = Browser::new().sign_in(&start.location, "a@example.com").await;
    come_back(&auth, &path, &start.binding).await.json::<OidcDone>(200);
    assert_eq!(come_back(&auth, &path, &start.binding).await.problem(410).code, "sign_in_ended");

    // Somebody else's link, opened in another browser.
    let start: OidcStart = begin(&auth, "", None).await.json(200);
    let mine: OidcStart = begin(&auth, "", None).await.json(200);
    let path = Browser::new().sign_in(&start.location, "a@example.com").await;
    assert_eq!(come_back(&auth, &path, &mine.binding).await.problem(410).code, "sign_in_ended");
    come_back(&auth, &path, &start.binding).await.problem(410);
    let start: OidcStart = begin(&auth, "", None).await.json(200);
    let path = Browser::new().sign_in(&start.location, "a@example.com").await;
    auth.client.get(&path).await.problem(410);

    // Too late.
    let start: OidcStart = begin(&auth, "", None).await.json(200);
    let path = Browser::new().sign_in(&start.location, "a@example.com").await;
    auth.shared.advance(Duration::minutes(11));
    come_back(&auth, &path, &start.binding).await.problem(410);
}

async fn what_does_not_belong_together_is_refused(backend: Backend) {
    let (_server, auth) = start(backend).await;
    let start: OidcStart = begin(&auth, "", None).await.json(200);
    let path = Browser::new().sign_in(&start.location, "a@example.com").await;
    let code = path.split(['?', '&']).find(|part| part.starts_with("code=")).expect("a code").to_owned();

    // A state that we never gave.
    let wrong = format!("/api/auth/oidc/local/callback?{code}&state=made-up");
    assert_eq!(come_back(&auth, &wrong, &start.binding).await.problem(410).code, "sign_in_ended");
    // Somebody's code with the state of another sign-in: the proof key is another.
    let other: OidcStart = begin(&auth, "", None).await.json(200);
    let state = Url::parse(&other.location).expect("a URL");
    let state = state.query_pairs().find(|(name, _)| name == "state").expect("a state").1.into_owned();
    let mixed = format!("/api/auth/oidc/local/callback?{code}&state={state}");
    assert_eq!(come_back(&auth, &mixed, &other.binding).await.problem(403).code, "sign_in_refused");
    // The right answer, from another provider.
    let elsewhere = path.replace("iss=http", "iss=https");
    assert_ne!(elsewhere, path);
    assert_eq!(come_back(&auth, &elsewhere, &start.binding).await.problem(403).code, "sign_in_refused");

    // An id token that was made for another sign-in.
    let start: OidcStart = begin(&auth, "", None).await.json(200);
    let path = Browser::new().sign_in(&start.location, "a@example.com").await;
    let db = auth.db.connect().await;
    sql::execute(db.write(), "UPDATE oidc_logins SET nonce = 'another'", []).await.expect("changed");
    assert_eq!(come_back(&auth, &path, &start.binding).await.problem(403).code, "sign_in_refused");

    // Whoever says no at the provider, and nonsense.
    let start: OidcStart = begin(&auth, "", None).await.json(200);
    let state = Url::parse(&start.location).expect("a URL");
    let state = state.query_pairs().find(|(name, _)| name == "state").expect("a state").1.into_owned();
    let denied = format!("/api/auth/oidc/local/callback?error=access_denied&state={state}");
    assert_eq!(come_back(&auth, &denied, &start.binding).await.problem(403).code, "sign_in_refused");
    for query in ["", "?code=x", "?state=x", "?code=&state="] {
        come_back(&auth, &format!("/api/auth/oidc/local/callback{query}"), "").await.problem(410);
    }
    let users = "SELECT COUNT(*) AS n FROM users";
    assert_eq!(sql::number(db.read(), users, []).await.expect("counted"), 0, "nobody got in");
}

async fn only_confirmed_addresses_open_accounts(backend: Backend) {
    let (_server, auth) = start(backend).await;
    // The provider does not vouch for the address: neither a new account nor somebody's.
    let taken = auth.register("taken@example.com").await;
    for login in ["unverified:new@example.com", "unverified:taken@example.com"] {
        assert_eq!(sign_in(&auth, login).await.problem(403).code, "email_unverified");
    }
    // Whoever registered here never showed that the address is theirs.
    assert_eq!(sign_in(&auth, "taken@example.com").await.problem(409).code, "account_exists");
    let me: Me = auth.signed_in(&taken).get("/api/auth/me").await.json(200);
    assert!(me.providers.is_empty());
    // Once they did, it is one person.
    let token = auth.mail("taken@example.com", 1).await.token("/verify/");
    let input = contracts::auth::VerifyInput { token };
    auth.client.post("/api/auth/verify-email", &input).await.json::<Value>(200);
    let done: OidcDone = sign_in(&auth, "taken@example.com").await.json(200);
    let tokens = done.tokens.expect("a session");
    assert_eq!((tokens.user.id.as_str(), done.registered), (taken.user.id.as_str(), false));
    assert_eq!((tokens.user.has_password, tokens.user.providers.len()), (true, 1));
    auth.login("taken@example.com", PASSWORD).await.json::<Tokens>(200);
}

async fn a_provider_is_linked_and_unlinked(backend: Backend) {
    let (_server, auth) = start(backend).await;
    let user = auth.register("here@example.com").await;
    let client = auth.signed_in(&user);
    begin(&auth, "?link=true", None).await.problem(401);
    let link = async |login: &str, token: &str| {
        let start: OidcStart = begin(&auth, "?link=true&next=/my/settings", Some(token)).await.json(200);
        let path = Browser::new().sign_in(&start.location, login).await;
        come_back(&auth, &path, &start.binding).await
    };
    // Their address there may be another, and unconfirmed: they showed here who they are.
    let done: OidcDone = link("unverified:there@example.com", &user.access_token).await.json(200);
    assert!(done.tokens.is_none() && done.next == "/my/settings");
    link("unverified:there@example.com", &user.access_token).await.json::<OidcDone>(200);
    let identities = client.get("/api/auth/identities").await.json::<Paged<Identity>>(200).items;
    assert_eq!((identities.len(), identities[0].subject.as_str()), (1, "unverified:there@example.com"));
    let done: OidcDone = sign_in(&auth, "unverified:there@example.com").await.json(200);
    assert_eq!(done.tokens.expect("a session").user.id, user.user.id);

    // Not to two accounts, nor two to one.
    let other = auth.register("other@example.com").await;
    let taken = link("unverified:there@example.com", &other.access_token).await;
    assert_eq!(taken.problem(409).code, "identity_taken");
    let second = link("second@example.com", &user.access_token).await;
    assert_eq!(second.problem(409).code, "identity_taken");

    assert_eq!(client.delete("/api/auth/identities/local").await.status, 204);
    client.delete("/api/auth/identities/local").await.problem(404);
    assert_eq!(sign_in(&auth, "unverified:there@example.com").await.problem(403).code, "email_unverified");

    // The only way in stays, until there is another.
    let done: OidcDone = sign_in(&auth, "new@example.com").await.json(200);
    let client = auth.signed_in(&done.tokens.expect("a session"));
    let last = client.delete("/api/auth/identities/local").await;
    assert_eq!(last.problem(409).code, "last_sign_in_method");
    let input = PasswordInput { current: None, password: PASSWORD.into() };
    assert_eq!(client.put("/api/auth/password", &input).await.status, 204, "signed in a moment ago");
    assert_eq!(client.delete("/api/auth/identities/local").await.status, 204);
    auth.login("new@example.com", PASSWORD).await.json::<Tokens>(200);

    // Who found an open browser cannot give themselves a way in.
    auth.shared.advance(Duration::minutes(16));
    let late: Tokens = auth.refresh(&user.refresh_token).await.json(200);
    let refused = begin(&auth, "?link=true", Some(&late.access_token)).await;
    assert_eq!(refused.problem(403).code, "fresh_sign_in_needed");
}

async fn registration_may_be_closed(backend: Backend) {
    let (_server, auth) = start(backend).await;
    let admin = auth.member("admin@example.com", Role::Admin).await;
    sign_in(&auth, "old@example.com").await.json::<OidcDone>(200);
    for mode in [Registration::Invitation, Registration::Closed] {
        auth.decide(&admin, |settings| settings.registration = mode).await;
        assert_eq!(sign_in(&auth, "new@example.com").await.problem(403).code, "registration_closed");
        sign_in(&auth, "old@example.com").await.json::<OidcDone>(200);
    }
}

async fn googles_id_tokens_are_taken_once(backend: Backend) {
    let server = server("claims-in-id-token").await;
    let settings = provider("google", &server);
    let auth = Auth::start_with(backend, |auth| auth.providers = vec![settings]).await;
    let nonces = std::sync::atomic::AtomicUsize::new(0);
    let id_token = async |client: &str, secret: &str, login: &str| {
        // Else two of one second would be the same.
        let nonce = format!("nonce-{}", nonces.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        id_token(&server, client, secret, login, &nonce).await
    };
    let exchange = async |id_token: &str, nonce: Option<&str>| {
        let input = GoogleInput { id_token: id_token.into(), nonce: nonce.map(str::to_owned) };
        auth.client.post("/api/auth/google", &input).await
    };
    let token = id_token("maru", SECRET, "a@example.com").await;
    exchange(&token, Some("another nonce")).await.problem(403);
    let tokens: Tokens = exchange(&token, Some("nonce-0")).await.json(200);
    assert_eq!(
        (tokens.user.email.as_str(), tokens.user.providers.as_slice()),
        ("a@example.com", &["google".into()][..])
    );
    assert_eq!(exchange(&token, Some("nonce-0")).await.problem(403).code, "sign_in_refused");
    let again = id_token("maru", SECRET, "a@example.com").await;
    assert_eq!(exchange(&again, None).await.json::<Tokens>(200).user.id, tokens.user.id);

    // One for another client, one of an address that nobody confirmed, an old one, and nonsense.
    let foreign = id_token("another", "another secret", "b@example.com").await;
    exchange(&foreign, None).await.problem(403);
    let unverified = id_token("maru", SECRET, "unverified:b@example.com").await;
    assert_eq!(exchange(&unverified, None).await.problem(403).code, "email_unverified");
    let mut parts: Vec<_> = again.split('.').collect();
    parts[2] = "";
    exchange(&parts.join("."), None).await.problem(403);
    exchange("nonsense", None).await.problem(403);
    let late = id_token("maru", SECRET, "a@example.com").await;
    auth.shared.advance(Duration::hours(2));
    exchange(&late, None).await.problem(403);

    let without = Auth::start(backend).await;
    let input = GoogleInput { id_token: late, nonce: None };
    without.client.post("/api/auth/google", &input).await.problem(404);
}

/// An id token as a client of its own gets it from the provider.
async fn id_token(server: &Server, client: &str, secret: &str, login: &str, nonce: &str) -> String {
    // RFC 7636, appendix B.
    let (verifier, challenge) =
        ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    let redirect = "https://maru.test/api/auth/oidc/google/callback";
    let mut start = Url::parse(&format!("{}/auth", server.place)).expect("a URL");
    start
        .query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", client)
        .append_pair("redirect_uri", redirect)
        .append_pair("scope", "openid email profile")
        .append_pair("nonce", nonce)
        .append_pair("code_challenge", challenge)
        .append_pair("code_challenge_method", "S256");
    let mut browser = Browser::new();
    let path = browser.sign_in(start.as_str(), login).await;
    let url = Url::parse(&format!("https://maru.test{path}")).expect("a URL");
    let code = url.query_pairs().find(|(name, _)| name == "code").expect("a code").1.into_owned();
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "authorization_code")
        .append_pair("code", &code)
        .append_pair("redirect_uri", redirect)
        .append_pair("code_verifier", verifier)
        .finish();
    let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let answer = browser
        .http
        .post(format!("{}/token", server.place))
        .basic_auth(encode(client), Some(encode(secret)))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .send()
        .await
        .expect("an answer");
    let answer: Value = answer.json().await.expect("JSON");
    answer["id_token"].as_str().unwrap_or_else(|| panic!("no id token: {answer}")).to_owned()
}

async fn a_provider_that_is_away_is_no_fault_of_ours(backend: Backend) {
    let auth = Auth::start_with(backend, |auth| {
        auth.providers = vec![ProviderSettings {
            id: "local".into(),
            name: "Away".into(),
            issuer: format!("http://127.0.0.1:{}", crate::servers::free_port()),
            client_id: "maru".into(),
            client_secret: None,
        }];
    })
    .await;
    assert_eq!(begin(&auth, "", None).await.problem(502).code, "provider_away");
    // Everything else goes on.
    auth.register("a@example.com").await;
}
