//! Checks access tokens.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
    time::Duration,
};

use contracts::auth::{AUDIENCE, Claims};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use moka::future::Cache;
use tokio::sync::Mutex;

use super::{Viewer, revocations::Revoked};
use crate::{Clock, error::Chain};

/// A public key that is none.
#[derive(Debug, thiserror::Error)]
#[error("not an Ed25519 public key")]
pub struct InvalidKey(#[source] jsonwebtoken::errors::Error);

/// Checks access tokens (EdDSA) against a set of public keys. Cheap to clone; clones share the keys.
#[derive(Clone)]
pub struct Verifier(Arc<Inner>);

struct Inner {
    issuer: String,
    validation: Validation,
    keys: RwLock<HashMap<String, DecodingKey>>,
    /// Tokens found good, until they end: a signature takes longer to check than a page to find.
    good: Cache<String, Arc<Claims>>,
    revoked: Revoked,
    remote: Option<Remote>,
    clock: Clock,
}

/// Where keys come from when auth runs elsewhere.
struct Remote {
    url: String,
    client: reqwest::Client,
    /// When it was asked last, in milliseconds. Held while asking, so that one asks for all.
    asked: Mutex<i64>,
}

/// How often an unknown key id may make us ask for the keys again.
const ASK_EVERY_MS: i64 = 10_000;

impl Verifier {
    /// A verifier without keys, for tokens of `issuer` (the public URL of the site).
    pub fn new(issuer: impl Into<String>, clock: Clock) -> Self {
        Self::build(issuer.into(), clock, None)
    }

    /// A verifier that fetches the keys from the auth service's JWKS.
    pub fn remote(issuer: impl Into<String>, jwks_url: impl Into<String>, clock: Clock) -> Self {
        let client = reqwest::Client::new();
        let remote = Remote { url: jwks_url.into(), client, asked: Mutex::new(i64::MIN) };
        Self::build(issuer.into(), clock, Some(remote))
    }

    fn build(issuer: String, clock: Clock, remote: Option<Remote>) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[&issuer]);
        validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        // The end is compared with our own clock, below.
        validation.validate_exp = false;
        let good = Cache::builder().max_capacity(10_000).time_to_live(Duration::from_secs(300)).build();
        Self(Arc::new(Inner {
            issuer,
            validation,
            keys: RwLock::default(),
            good,
            revoked: Revoked::new(),
            remote,
            clock,
        }))
    }

    /// Who issues the tokens that this verifier takes.
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// Takes tokens signed by the key `kid` from now on. `x` is the public key as in a JWK
    /// (base64url).
    ///
    /// # Errors
    /// When `x` is not base64url.
    pub fn add_key(&self, kid: &str, x: &str) -> Result<(), InvalidKey> {
        let key = DecodingKey::from_ed_components(x).map_err(InvalidKey)?;
        self.0.keys.write().unwrap_or_else(std::sync::PoisonError::into_inner).insert(kid.to_owned(), key);
        Ok(())
    }

    /// Takes no tokens signed by the key `kid` any more, whether or not they were found good before.
    pub fn remove_key(&self, kid: &str) {
        self.0.keys.write().unwrap_or_else(std::sync::PoisonError::into_inner).remove(kid);
        self.0.good.invalidate_all();
    }

    /// Whose token this is, if it is good now.
    pub async fn verify(&self, token: &str) -> Option<Viewer> {
        let now = self.0.clock.now().unix_timestamp();
        let known = self.0.good.get(token).await;
        let is_new = known.is_none();
        let claims = match known {
            Some(claims) => claims,
            None => Arc::new(self.check(token).await?),
        };
        if claims.exp <= now || self.0.revoked.contains(&claims).await {
            return None;
        }
        if is_new {
            self.0.good.insert(token.to_owned(), claims.clone()).await;
        }
        Some(Viewer(claims))
    }

    pub(super) fn revoked(&self) -> &Revoked {
        &self.0.revoked
    }

    async fn check(&self, token: &str) -> Option<Claims> {
        let kid = jsonwebtoken::decode_header(token).ok()?.kid?;
        let key = match self.key(&kid) {
            Some(key) => key,
            None => {
                self.fetch().await;
                self.key(&kid)?
            }
        };
        jsonwebtoken::decode::<Claims>(token, &key, &self.0.validation).ok().map(|token| token.claims)
    }

    fn key(&self, kid: &str) -> Option<DecodingKey> {
        self.0.keys.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(kid).cloned()
    }

    async fn fetch(&self) {
        let Some(remote) = &self.0.remote else { return };
        let mut asked = remote.asked.lock().await;
        let now = self.0.clock.millis();
        if now < asked.saturating_add(ASK_EVERY_MS) {
            return;
        }
        *asked = now;
        let answer = async {
            let response = remote.client.get(&remote.url).timeout(Duration::from_secs(5)).send().await?;
            response.error_for_status()?.json::<JwkSet>().await
        };
        match answer.await {
            Ok(set) => {
                let keys = set.keys.iter().filter_map(|jwk| {
                    let kid = jwk.common.key_id.clone()?;
                    Some((kid, DecodingKey::from_jwk(jwk).ok()?))
                });
                *self.0.keys.write().unwrap_or_else(std::sync::PoisonError::into_inner) = keys.collect();
            }
            Err(error) => tracing::warn!(cause = %Chain(&error), "the keys of the auth service could not be fetched"),
        }
    }
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verifier").field("issuer", &self.0.issuer).finish_non_exhaustive()
    }
}
