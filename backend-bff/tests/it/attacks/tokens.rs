//! Access tokens that are none, or not for here, or not any more.

use axum::{Router, body::Body};
use backend_bff::{Bff, Rules, Settings, Upstream, Upstreams};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contracts::{
    auth::{AUDIENCE, Claims},
    module::Role,
};
use ed25519_dalek::{SigningKey, pkcs8::EncodePrivateKey};
use http::{Request, header};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use kit::{Secret, testing::TestShared};
use serde_json::{Value, json};
use tempfile::TempDir;
use time::Duration;

use crate::{
    services::quiet,
    site::{Reply, share_compiled_code},
};

const ISSUER: &str = "https://maru.test";

/// A BFF before the real blog service, and the key that the tokens of its users are signed with.
struct Gate {
    public: Router,
    shared: TestShared,
    key: SigningKey,
    _folder: TempDir,
}

impl Gate {
    async fn open() -> Self {
        let (shared, folder) = (TestShared::new(), tempfile::tempdir().expect("a folder"));
        let key = SigningKey::from_bytes(&[7; 32]);
        let x = URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes());
        shared.shared.verifier.add_key("mine", &x).expect("a key");
        let database_url = format!("sqlite://{}?mode=rwc", folder.path().join("blog.db").display());
        let blog = blog::Settings { database_url, search_dir: None, site_name: None };
        let blog = blog::start(blog, &shared.shared).await.expect("the blog service starts").router;
        let nothing = || Upstream::in_process(quiet());
        let upstreams = Upstreams {
            auth: nothing(),
            blog: Upstream::in_process(blog),
            content: nothing(),
            page: nothing(),
            analytics: nothing(),
            storage: nothing(),
        };
        let data_dir = folder.path().join("data");
        share_compiled_code(&data_dir);
        let settings = Settings {
            data_dir,
            database_url: None,
            public_url: ISSUER.parse().expect("a URL"),
            site_name: "Test Hall".into(),
            modules_dir: None,
            compiler: None,
            rules: Rules::unlimited(),
            page_cache_bytes: 0,
            reconcile_at: None,
            operator_token: Secret::new("operator"),
        };
        let Bff { public, .. } = backend_bff::start(settings, upstreams, &shared.shared).await.expect("the BFF starts");
        Self { public, shared, key, _folder: folder }
    }

    fn claims(&self) -> Claims {
        let now = self.shared.shared.clock.now().unix_timestamp();
        Claims {
            sub: kit::id::new(),
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            exp: now + 300,
            iat: now,
            jti: kit::id::new(),
            sid: kit::id::new(),
            name: "Author".into(),
            role: Role::Author,
            picture: None,
            generation: 0,
        }
    }

    fn signed(&self, claims: &Claims) -> String {
        signed(&self.key, Some("mine"), claims)
    }

    async fn ask(&self, authorization: &str) -> Reply {
        let request = Request::builder().uri("/api/drafts").header(header::AUTHORIZATION, authorization);
        Reply::of(&self.public, request.body(Body::empty()).expect("a request")).await
    }

    async fn refuses(&self, token: &str, why: &str) {
        let reply = self.ask(&format!("Bearer {token}")).await;
        assert_eq!(reply.status, 401, "{why}: {}", reply.text());
        assert_eq!(reply.problem(401).code, "unauthenticated", "{why}");
    }
}

fn signed(key: &SigningKey, kid: Option<&str>, claims: &Claims) -> String {
    let header = Header { kid: kid.map(str::to_owned), ..Header::new(Algorithm::EdDSA) };
    let der = key.to_pkcs8_der().expect("a key");
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_ed_der(der.as_bytes())).expect("claims are JSON")
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_taken_only_whole_and_from_here() {
    let gate = Gate::open().await;
    let claims = gate.claims();
    let good = gate.signed(&claims);
    assert_eq!(gate.ask(&format!("Bearer {good}")).await.status, 200, "a good one is");
    assert_eq!(gate.ask(&format!("bearer {good}")).await.status, 200, "however the scheme is written");

    let elsewhere = Claims { aud: "elsewhere".into(), ..claims.clone() };
    gate.refuses(&gate.signed(&elsewhere), "another audience").await;
    let foreign = Claims { iss: "https://evil.example".into(), ..claims.clone() };
    gate.refuses(&gate.signed(&foreign), "another issuer").await;
    let theirs = SigningKey::from_bytes(&[8; 32]);
    gate.refuses(&signed(&theirs, Some("mine"), &claims), "a foreign key under our name").await;
    gate.refuses(&signed(&theirs, Some("theirs"), &claims), "a foreign key").await;
    gate.refuses(&signed(&gate.key, None, &claims), "a key without a name").await;

    let pieces: Vec<&str> = good.split('.').collect();
    let admin = part(&serde_json::to_value(Claims { role: Role::Admin, ..claims.clone() }).expect("JSON"));
    gate.refuses(&format!("{}.{admin}.{}", pieces[0], pieces[2]), "a changed role").await;
    gate.refuses(&format!("{}.{}.", pieces[0], pieces[1]), "no signature").await;
    gate.refuses(&format!("{}.{}", pieces[0], pieces[1]), "two parts").await;
    for alg in ["none", "None", "nOnE", ""] {
        let header = part(&json!({ "alg": alg, "typ": "JWT", "kid": "mine" }));
        gate.refuses(&format!("{header}.{}.", pieces[1]), "no algorithm").await;
    }
    // The public key is known to all: taken for a shared secret it would let all in.
    let secret = EncodingKey::from_secret(gate.key.verifying_key().as_bytes());
    let header = Header { kid: Some("mine".into()), ..Header::new(Algorithm::HS256) };
    let confused = jsonwebtoken::encode(&header, &claims, &secret).expect("JSON");
    gate.refuses(&confused, "another algorithm").await;
    for nonsense in ["", "x", "..", "a.b.c", &"a".repeat(9000)] {
        let reply = gate.ask(&format!("Bearer {nonsense}")).await;
        assert_eq!(reply.status, 401, "{nonsense}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_ends() {
    let gate = Gate::open().await;
    let good = gate.signed(&gate.claims());
    assert_eq!(gate.ask(&format!("Bearer {good}")).await.status, 200);
    gate.shared.advance(Duration::seconds(301));
    gate.refuses(&good, "it was good a moment ago").await;
    let endless = Claims { exp: 0, ..gate.claims() };
    gate.refuses(&gate.signed(&endless), "an end in the past").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_elsewhere_than_in_its_header_is_none() {
    let gate = Gate::open().await;
    let good = gate.signed(&gate.claims());
    for (uri, header, value) in [
        (format!("/api/drafts?access_token={good}"), "accept", "application/json".to_owned()),
        ("/api/drafts".to_owned(), "cookie", format!("__Host-maru={good}")),
        ("/api/drafts".to_owned(), "x-access-token", good.clone()),
        ("/api/drafts".to_owned(), "authorization", format!("Basic {good}")),
        ("/api/drafts".to_owned(), "authorization", format!("Service {}", kit::testing::SERVICE_TOKEN)),
    ] {
        let request = Request::builder().uri(&uri).header(header, value).body(Body::empty()).expect("a request");
        assert_eq!(Reply::of(&gate.public, request).await.status, 401, "{uri} {header}");
    }
}
