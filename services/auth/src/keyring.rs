//! The keys that sign access tokens, and how they take turns.
//!
//! A new key is published before it signs, so that nobody meets a token whose key they do not know;
//! an old one stays published until its last token has ended. Which key signs follows from the time
//! alone, so that replicas agree.

use std::{
    collections::HashMap,
    fs, io,
    path::Path,
    sync::{Arc, PoisonError, RwLock},
};

use contracts::auth::{AUDIENCE, Claims, SigningKeyInfo};
use ed25519_dalek::{
    SigningKey,
    pkcs8::{DecodePrivateKey, EncodePrivateKey},
};
use jsonwebtoken::Header;
use kit::{auth::Verifier, clock::rfc3339, db::Db, id};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::{
    domain::{
        keys::{KeyKind, KeyMaterial, UnusableKey},
        seal::Seal,
    },
    settings::ClientSettings,
    store::{
        keys::{self, StoredKey},
        users::User,
    },
};

/// Seconds an access token lasts.
pub(crate) const LIFETIME: u32 = 300;
/// A new key is published for so long before it signs. Clients keep the set of keys for half of it.
const PUBLISHED_BEFORE_MS: i64 = 10 * 60 * 1000;
/// An old key stays for so long after its last token: a token lasts five minutes, and clocks differ.
const KEPT_AFTER_MS: i64 = 10 * 60 * 1000;
/// A key signs for a quarter of a year.
const TERM_MS: i64 = 90 * 24 * 60 * 60 * 1000;

/// Why there is no key to sign with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyringError {
    #[error("a file with keys cannot be read or written")]
    File(#[from] io::Error),
    #[error("signing-key.pem holds no Ed25519 key in PKCS #8; move it away to get a new one (all sessions end)")]
    NoKey,
    #[error(transparent)]
    Unusable(#[from] UnusableKey),
    #[error("the database refused")]
    Database(#[from] DbErr),
}

/// A token could not be signed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignError {
    #[error("there is no key for this audience")]
    NoKey,
    #[error("signing failed")]
    Failed(#[from] jsonwebtoken::errors::Error),
}

struct Held {
    material: KeyMaterial,
    created_at: i64,
    active_at: i64,
}

/// All keys of this installation.
pub(crate) struct Keyring {
    seal: Seal,
    verifier: Verifier,
    /// With what kind of key tokens for an audience are signed.
    audiences: HashMap<String, KeyKind>,
    /// Newest first.
    keys: RwLock<Vec<Arc<Held>>>,
    /// Held while they are read, so that what was read last is what is kept.
    reading: Mutex<()>,
}

impl Keyring {
    /// The keys in the database; makes those that are missing.
    pub(crate) async fn open(
        db: &Db,
        folder: &Path,
        clients: &[ClientSettings],
        verifier: Verifier,
        now: i64,
    ) -> Result<Self, KeyringError> {
        let mut audiences: HashMap<_, _> =
            clients.iter().map(|client| (client.audience.clone(), client.signed_with)).collect();
        audiences.insert(AUDIENCE.to_owned(), KeyKind::EdDsa);
        let (keys, reading) = (RwLock::default(), Mutex::default());
        let keyring = Self { seal: Seal::open(folder)?, verifier, audiences, keys, reading };
        keyring.take_over(db, folder, now).await?;
        keyring.reload(db).await?;
        keyring.maintain(db, now).await?;
        Ok(keyring)
    }

    /// The one key of earlier versions was a file.
    async fn take_over(&self, db: &Db, folder: &Path, now: i64) -> Result<(), KeyringError> {
        let path = folder.join("signing-key.pem");
        let pem = match fs::read_to_string(&path) {
            Ok(pem) => pem,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let key = SigningKey::from_pkcs8_pem(&pem).map_err(|_| KeyringError::NoKey)?;
        let der = key.to_pkcs8_der().map_err(|_| KeyringError::NoKey)?;
        let material = KeyMaterial::read(KeyKind::EdDsa, der.as_bytes().to_vec())?;
        keys::add(db.write(), self.stored(&material, now, now)?).await?;
        fs::remove_file(path)?;
        Ok(())
    }

    /// Reads the keys again: another replica may have made some.
    pub(crate) async fn reload(&self, db: &Db) -> Result<(), DbErr> {
        let _reading = self.reading.lock().await;
        let mut held = Vec::new();
        for key in keys::all(db.write()).await? {
            let Some(kind) = KeyKind::parse(&key.alg) else { continue };
            let material = self.seal.unseal(&key.kid, &key.sealed).map(|private| KeyMaterial::read(kind, private));
            match material {
                Some(Ok(material)) => {
                    held.push(Arc::new(Held { material, created_at: key.created_at, active_at: key.active_at }));
                }
                _ => tracing::warn!(kid = key.kid, "a signing key cannot be read with the key-secret that is here"),
            }
        }
        let before = std::mem::replace(&mut *self.keys.write().unwrap_or_else(PoisonError::into_inner), held.clone());
        for key in &held {
            if let Some(x) = key.material.ed25519()
                && let Err(error) = self.verifier.add_key(&key.material.kid, x)
            {
                tracing::error!(cause = %error, kid = key.material.kid, "a public key cannot be used");
            }
        }
        for old in before {
            if held.iter().all(|key| key.material.kid != old.material.kid) {
                self.verifier.remove_key(&old.material.kid);
            }
        }
        Ok(())
    }

    /// Makes keys whose turn comes and takes those away whose tokens have ended. Answers how many.
    pub(crate) async fn maintain(&self, db: &Db, now: i64) -> Result<(u32, u32), KeyringError> {
        let (mut made, mut removed) = (0, 0);
        for kind in self.kinds() {
            let all: Vec<_> = self.held().into_iter().filter(|key| key.material.kind == kind).collect();
            let due = match all.first() {
                None => Some(now),
                Some(newest) if newest.created_at + TERM_MS <= now => Some(now + PUBLISHED_BEFORE_MS),
                Some(_) => None,
            };
            if let Some(active_at) = due {
                self.make(db.write(), kind, active_at, now).await?;
                made += 1;
            }
            let Some(signs) = all.iter().find(|key| key.active_at <= now) else { continue };
            for old in all.iter().filter(|key| key.active_at < signs.active_at) {
                if signs.active_at + KEPT_AFTER_MS <= now && keys::remove(db.write(), &old.material.kid).await? {
                    removed += 1;
                }
            }
        }
        self.reload(db).await?;
        Ok((made, removed))
    }

    /// Makes a new key of each kind. Where the old ones are not to be trusted, they go at once; answers their names.
    /// [`Keyring::reload`] after the commit.
    pub(crate) async fn rotate(
        &self,
        tx: &DatabaseTransaction,
        compromised: bool,
        now: i64,
    ) -> Result<Vec<String>, KeyringError> {
        let withdrawn = if compromised { keys::remove_all(tx).await? } else { Vec::new() };
        for kind in self.kinds() {
            let active_at = if compromised { now } else { now + PUBLISHED_BEFORE_MS };
            self.make(tx, kind, active_at, now).await?;
        }
        Ok(withdrawn)
    }

    async fn make<C: ConnectionTrait>(
        &self,
        db: &C,
        kind: KeyKind,
        active_at: i64,
        now: i64,
    ) -> Result<(), KeyringError> {
        let made = tokio::task::spawn_blocking(move || KeyMaterial::make(kind)).await;
        let material = made.map_err(|_| UnusableKey)??;
        keys::add(db, self.stored(&material, active_at, now)?).await?;
        Ok(())
    }

    fn stored(&self, key: &KeyMaterial, active_at: i64, now: i64) -> Result<StoredKey, UnusableKey> {
        let sealed = self.seal.seal(&key.kid, &key.private).ok_or(UnusableKey)?;
        Ok(StoredKey { kid: key.kid.clone(), alg: key.kind.as_str().to_owned(), sealed, created_at: now, active_at })
    }

    fn kinds(&self) -> Vec<KeyKind> {
        let rsa = self.audiences.values().any(|kind| *kind == KeyKind::Rs256);
        if rsa { vec![KeyKind::EdDsa, KeyKind::Rs256] } else { vec![KeyKind::EdDsa] }
    }

    fn held(&self) -> Vec<Arc<Held>> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn signing(&self, kind: KeyKind, now: i64) -> Option<Arc<Held>> {
        self.held().into_iter().find(|key| key.material.kind == kind && key.active_at <= now)
    }

    /// Whether tokens for this audience are given.
    pub(crate) fn knows(&self, audience: &str) -> bool {
        self.audiences.contains_key(audience)
    }

    /// An access token (RFC 9068) of `user` in this session.
    pub(crate) fn sign(&self, user: &User, session: &str, audience: &str, now: i64) -> Result<String, SignError> {
        let kind = *self.audiences.get(audience).ok_or(SignError::NoKey)?;
        let key = self.signing(kind, now).ok_or(SignError::NoKey)?;
        let seconds = now.div_euclid(1000);
        let claims = Claims {
            sub: user.id.clone(),
            iss: self.verifier.issuer().to_owned(),
            aud: audience.to_owned(),
            exp: seconds + i64::from(LIFETIME),
            iat: seconds,
            jti: id::new(),
            sid: session.to_owned(),
            name: user.name.clone(),
            role: user.role(),
            picture: user.avatar.clone(),
            generation: user.generation(),
        };
        let header = Header {
            typ: Some("at+jwt".to_owned()),
            kid: Some(key.material.kid.clone()),
            ..Header::new(kind.algorithm())
        };
        Ok(jsonwebtoken::encode(&header, &claims, &key.material.signs)?)
    }

    /// The public halves (RFC 7517).
    pub(crate) fn jwks(&self) -> Value {
        let keys: Vec<_> = self.held().iter().map(|key| key.material.public.clone()).collect();
        json!({ "keys": keys })
    }

    /// The names of the algorithms in use.
    pub(crate) fn algorithms(&self) -> Vec<&'static str> {
        self.kinds().into_iter().map(KeyKind::as_str).collect()
    }

    /// The keys as an admin sees them, newest first.
    pub(crate) fn infos(&self, now: i64) -> Vec<SigningKeyInfo> {
        let info = |key: &Arc<Held>| SigningKeyInfo {
            kid: key.material.kid.clone(),
            alg: key.material.kind.as_str().to_owned(),
            created_at: rfc3339(key.created_at),
            active_at: rfc3339(key.active_at),
            signs: self.signing(key.material.kind, now).is_some_and(|signs| signs.material.kid == key.material.kid),
        };
        self.held().iter().map(info).collect()
    }
}
