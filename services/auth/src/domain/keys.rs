//! Keys that sign access tokens: making, reading, publishing.

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{KeyPair as RsaKeyPair, KeySize},
    signature::KeyPair,
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ed25519_dalek::{
    SigningKey,
    pkcs8::{DecodePrivateKey, EncodePrivateKey},
};
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// How a key signs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyKind {
    /// Ed25519: short, fast.
    #[default]
    EdDsa,
    /// RSA with 2,048 bits and SHA-256, for clients that know nothing newer.
    Rs256,
}

impl KeyKind {
    /// The name in JWTs and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Rs256 => "RS256",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::EdDsa, Self::Rs256].into_iter().find(|kind| kind.as_str() == name)
    }

    pub(crate) fn algorithm(self) -> Algorithm {
        match self {
            Self::EdDsa => Algorithm::EdDSA,
            Self::Rs256 => Algorithm::RS256,
        }
    }
}

/// A key that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("a signing key could not be made or read")]
pub(crate) struct UnusableKey;

/// Both halves of a key.
pub(crate) struct KeyMaterial {
    pub(crate) kid: String,
    pub(crate) kind: KeyKind,
    /// PKCS #8.
    pub(crate) private: Vec<u8>,
    pub(crate) signs: EncodingKey,
    /// JWK.
    pub(crate) public: Value,
}

impl KeyMaterial {
    /// A new key. An RSA key takes a while.
    pub(crate) fn make(kind: KeyKind) -> Result<Self, UnusableKey> {
        let private = match kind {
            KeyKind::EdDsa => {
                let key = SigningKey::from_bytes(&rand::random());
                key.to_pkcs8_der().map_err(|_| UnusableKey)?.as_bytes().to_vec()
            }
            KeyKind::Rs256 => {
                let key = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| UnusableKey)?;
                let der: Pkcs8V1Der<'_> = key.as_der().map_err(|_| UnusableKey)?;
                der.as_ref().to_vec()
            }
        };
        Self::read(kind, private)
    }

    /// A key that was made before, from PKCS #8.
    pub(crate) fn read(kind: KeyKind, private: Vec<u8>) -> Result<Self, UnusableKey> {
        let (fingerprint, signs, mut public) = match kind {
            KeyKind::EdDsa => {
                let key = SigningKey::from_pkcs8_der(&private).map_err(|_| UnusableKey)?;
                let public = key.verifying_key();
                let x = URL_SAFE_NO_PAD.encode(public.as_bytes());
                let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": x });
                (Sha256::digest(public.as_bytes()), EncodingKey::from_ed_der(&private), jwk)
            }
            KeyKind::Rs256 => {
                let key = RsaKeyPair::from_pkcs8(&private).map_err(|_| UnusableKey)?;
                let public = key.public_key();
                let modulus = public.modulus().big_endian_without_leading_zero().to_vec();
                let exponent = public.exponent().big_endian_without_leading_zero().to_vec();
                let (n, e) = (URL_SAFE_NO_PAD.encode(&modulus), URL_SAFE_NO_PAD.encode(exponent));
                let signs = EncodingKey::from_rsa_pem(pem(&private).as_bytes()).map_err(|_| UnusableKey)?;
                (Sha256::digest(&modulus), signs, json!({ "kty": "RSA", "n": n, "e": e }))
            }
        };
        let kid = URL_SAFE_NO_PAD.encode(&fingerprint[..9]);
        public["use"] = "sig".into();
        public["alg"] = kind.as_str().into();
        public["kid"] = kid.clone().into();
        Ok(Self { kid, kind, private, signs, public })
    }

    /// `x` of an Ed25519 key's JWK.
    pub(crate) fn ed25519(&self) -> Option<&str> {
        self.public["x"].as_str()
    }
}

fn pem(pkcs8: &[u8]) -> String {
    let text = STANDARD.encode(pkcs8);
    let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = after;
    }
    pem.push_str("-----END PRIVATE KEY-----\n");
    pem
}

#[cfg(test)]
mod tests {
    use super::{KeyKind, KeyMaterial};

    #[test]
    fn keys_survive_being_kept() {
        for kind in [KeyKind::EdDsa, KeyKind::Rs256] {
            let key = KeyMaterial::make(kind).expect("made");
            let again = KeyMaterial::read(kind, key.private.clone()).expect("read");
            assert_eq!((&key.kid, &key.public), (&again.kid, &again.public));
            assert!(key.public.get("d").is_none());
        }
        assert!(KeyMaterial::read(KeyKind::EdDsa, b"nonsense".to_vec()).is_err());
        assert!(KeyMaterial::read(KeyKind::Rs256, b"nonsense".to_vec()).is_err());
    }
}
