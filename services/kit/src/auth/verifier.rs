//! Checks access tokens.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use contracts::auth::{AUDIENCE, Claims};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use moka::future::Cache;
use tokio::sync::Mutex;

use super::{Viewer, keys::Keys, revocations::Revoked};
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
    keys: RwLock<Keys>,
    /// Tokens found good, until they end: a signature takes longer to check than a page to find.
    good: Cache<String, Arc<Good>>,
    revoked: Revoked,
    remote: Option<Remote>,
    clock: Clock,
}

/// What a token whose signature holds says, and the key that says so.
struct Good {
    kid: String,
    claims: Arc<Claims>,
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

    /// Whether its keys come from an auth service elsewhere.
    pub(super) fn is_remote(&self) -> bool {
        self.0.remote.is_some()
    }

    /// Takes tokens signed by the key `kid` from now on. `x` is the public key as in a JWK
    /// (base64url).
    ///
    /// # Errors
    /// When `x` is not base64url.
    pub fn add_key(&self, kid: &str, x: &str) -> Result<(), InvalidKey> {
        let key = DecodingKey::from_ed_components(x).map_err(InvalidKey)?;
        self.change_keys(|keys| keys.add(kid, key));
        Ok(())
    }

    /// Takes no tokens signed by the key `kid` any more, whether or not they were found good before.
    pub fn remove_key(&self, kid: &str) {
        self.change_keys(|keys| keys.remove(kid));
    }

    /// Takes no tokens signed by these keys any more, whoever brings the keys again: they are not to be trusted. Where
    /// the keys come from elsewhere, asks for those that there are now.
    pub async fn withdraw_keys(&self, kids: &[String]) {
        self.change_keys(|keys| keys.withdraw(kids));
        self.fetch_anew().await;
    }

    /// Whose token this is, if it is good now.
    pub async fn verify(&self, token: &str) -> Option<Viewer> {
        let now = self.0.clock.now().unix_timestamp();
        // A token is good no longer than the key that signed it.
        let known = self.0.good.get(token).await.filter(|good| self.has_key(&good.kid));
        let is_new = known.is_none();
        let good = match known {
            Some(good) => good,
            None => Arc::new(self.check(token).await?),
        };
        if good.claims.exp <= now || self.0.revoked.contains(&good.claims).await {
            return None;
        }
        if is_new {
            self.0.good.insert(token.to_owned(), good.clone()).await;
        }
        Some(Viewer(good.claims.clone()))
    }

    pub(super) fn revoked(&self) -> &Revoked {
        &self.0.revoked
    }

    async fn check(&self, token: &str) -> Option<Good> {
        let kid = jsonwebtoken::decode_header(token).ok()?.kid?;
        let key = match self.key(&kid) {
            Some(key) => key,
            None if self.is_withdrawn(&kid) => return None,
            None => {
                self.fetch().await;
                self.key(&kid)?
            }
        };
        let token = jsonwebtoken::decode::<Claims>(token, &key, &self.0.validation).ok()?;
        Some(Good { kid, claims: Arc::new(token.claims) })
    }

    fn key(&self, kid: &str) -> Option<DecodingKey> {
        self.0.keys.read().unwrap_or_else(PoisonError::into_inner).get(kid)
    }

    fn has_key(&self, kid: &str) -> bool {
        self.0.keys.read().unwrap_or_else(PoisonError::into_inner).has(kid)
    }

    fn is_withdrawn(&self, kid: &str) -> bool {
        self.0.keys.read().unwrap_or_else(PoisonError::into_inner).is_withdrawn(kid)
    }

    fn change_keys(&self, change: impl FnOnce(&mut Keys)) {
        change(&mut self.0.keys.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// Asks for the keys, unless that was done a moment ago.
    async fn fetch(&self) {
        let Some(remote) = &self.0.remote else { return };
        let mut asked = remote.asked.lock().await;
        let now = self.0.clock.millis();
        if now < asked.saturating_add(ASK_EVERY_MS) {
            return;
        }
        *asked = now;
        self.ask(remote).await;
    }

    /// Asks for the keys, however lately that was done. Whoever answers may not have heard of a change yet, so that
    /// the next unknown key makes us ask again.
    pub(super) async fn fetch_anew(&self) {
        let Some(remote) = &self.0.remote else { return };
        let mut asked = remote.asked.lock().await;
        *asked = i64::MIN;
        self.ask(remote).await;
    }

    async fn ask(&self, remote: &Remote) {
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
                self.change_keys(|known| known.replace(keys));
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
