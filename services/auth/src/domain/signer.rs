//! Signs access tokens (RFC 9068) with a key that was made at the first start.

use std::{fs, io, path::Path};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contracts::auth::{AUDIENCE, Claims};
use ed25519_dalek::{
    SigningKey,
    pkcs8::{DecodePrivateKey, EncodePrivateKey, spki::der::pem::LineEnding},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use kit::id;
use sha2::{Digest, Sha256};

use super::files::write_private;
use crate::store::users::User;

/// Seconds an access token lasts.
pub(crate) const LIFETIME: u32 = 300;

/// Why there is no key to sign with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("signing-key.pem cannot be read or written")]
    File(#[from] io::Error),
    #[error("signing-key.pem holds no Ed25519 key in PKCS #8; move it away to get a new one (all sessions end)")]
    NoKey,
}

/// The key of this installation.
pub(crate) struct Signer {
    issuer: String,
    kid: String,
    public: String,
    key: EncodingKey,
}

impl Signer {
    /// Reads `<folder>/signing-key.pem`, or makes it (0600).
    pub(crate) fn open(folder: &Path, issuer: &str) -> Result<Self, KeyError> {
        let path = folder.join("signing-key.pem");
        let key = match fs::read_to_string(&path) {
            Ok(pem) => SigningKey::from_pkcs8_pem(&pem).map_err(|_| KeyError::NoKey)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = SigningKey::from_bytes(&rand::random());
                let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|_| KeyError::NoKey)?;
                write_private(&path, pem.as_bytes())?;
                key
            }
            Err(error) => return Err(error.into()),
        };
        let der = key.to_pkcs8_der().map_err(|_| KeyError::NoKey)?;
        let public = key.verifying_key();
        let kid = URL_SAFE_NO_PAD.encode(&Sha256::digest(public.as_bytes())[..9]);
        Ok(Self {
            issuer: issuer.to_owned(),
            kid,
            public: URL_SAFE_NO_PAD.encode(public.as_bytes()),
            key: EncodingKey::from_ed_der(der.as_bytes()),
        })
    }

    /// Name of the key.
    pub(crate) fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half, as `x` of a JWK.
    pub(crate) fn public_key(&self) -> &str {
        &self.public
    }

    /// An access token of `user` in this session.
    pub(crate) fn sign(
        &self,
        user: &User,
        session: &str,
        now_seconds: i64,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let claims = Claims {
            sub: user.id.clone(),
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            exp: now_seconds + i64::from(LIFETIME),
            iat: now_seconds,
            jti: id::new(),
            sid: session.to_owned(),
            name: user.name.clone(),
            role: user.role(),
            picture: user.avatar.clone(),
            generation: 0,
        };
        let header =
            Header { typ: Some("at+jwt".to_owned()), kid: Some(self.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, &self.key)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::{KeyError, Signer};

    #[test]
    fn the_key_is_made_once_and_private() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = Signer::open(folder.path(), "x").expect("made");
        let again = Signer::open(folder.path(), "x").expect("read");
        assert_eq!(first.kid(), again.kid());
        let file = folder.path().join("signing-key.pem");
        let mode = std::fs::metadata(&file).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::write(&file, "nonsense").expect("written");
        assert!(matches!(Signer::open(folder.path(), "x"), Err(KeyError::NoKey)));
    }
}
