//! A process for the services under test: a clock to turn, tokens to hand out.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contracts::{
    auth::{AUDIENCE, Claims},
    module::Role,
};
use ed25519_dalek::{SigningKey, pkcs8::EncodePrivateKey};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use time::{Duration, OffsetDateTime};

use crate::{Clock, Secret, Shared, auth::Verifier, id};

/// What [`super::Client::service`] shows.
pub const SERVICE_TOKEN: &str = "service-token-of-the-tests";

/// [`Shared`] with a clock that tests turn and a key that signs their tokens.
pub struct TestShared {
    /// For `start`.
    pub shared: Shared,
    key: EncodingKey,
    ahead: Arc<AtomicI64>,
}

impl Default for TestShared {
    fn default() -> Self {
        Self::new()
    }
}

impl TestShared {
    /// A closed bus, an empty verifier but for the test's own key.
    ///
    /// # Panics
    /// Never in practice: the key is made here.
    pub fn new() -> Self {
        let ahead = Arc::new(AtomicI64::new(0));
        let turned = ahead.clone();
        let clock =
            Clock::from_fn(move || OffsetDateTime::now_utc() + Duration::seconds(turned.load(Ordering::Relaxed)));
        let mut shared = Shared::in_process("https://maru.test", Secret::new(SERVICE_TOKEN));
        shared.verifier = Verifier::new("https://maru.test", clock.clone());
        shared.clock = clock;
        let signing = SigningKey::from_bytes(&rand::random());
        let x = URL_SAFE_NO_PAD.encode(signing.verifying_key().as_bytes());
        shared.verifier.add_key("test", &x).expect("a key just made");
        let der = signing.to_pkcs8_der().expect("a key just made");
        Self { shared, key: EncodingKey::from_ed_der(der.as_bytes()), ahead }
    }

    /// Turns the clock.
    pub fn advance(&self, by: Duration) {
        self.ahead.fetch_add(by.whole_seconds(), Ordering::Relaxed);
    }

    /// An access token of five minutes.
    ///
    /// # Panics
    /// Never in practice.
    pub fn token(&self, user: &str, name: &str, role: Role) -> String {
        let now = self.shared.clock.now().unix_timestamp();
        let claims = Claims {
            sub: user.to_owned(),
            iss: self.shared.verifier.issuer().to_owned(),
            aud: AUDIENCE.to_owned(),
            exp: now + 300,
            iat: now,
            jti: id::new(),
            sid: id::new(),
            name: name.to_owned(),
            role,
            picture: None,
            generation: 0,
        };
        let header = Header { kid: Some("test".to_owned()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, &self.key).expect("claims are JSON")
    }
}

impl Drop for TestShared {
    fn drop(&mut self) {
        self.shared.shutdown.cancel();
        self.shared.peers.forget_all();
    }
}
