//! Keeps private keys unreadable in the database: AES-256-GCM with a key in the data folder.

use std::{io, path::Path};

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use base64::{Engine, engine::general_purpose::STANDARD};

use super::files::write_private;

const NONCE: usize = 12;

/// Seals and opens.
pub(crate) struct Seal(RandomizedNonceKey);

impl Seal {
    /// Reads `<folder>/key-secret`, or makes it (0600).
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        let path = folder.join("key-secret");
        let bytes = match std::fs::read_to_string(&path) {
            Ok(text) => STANDARD.decode(text.trim()).ok().filter(|bytes| bytes.len() == 32),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let bytes: [u8; 32] = rand::random();
                write_private(&path, STANDARD.encode(bytes).as_bytes())?;
                Some(bytes.to_vec())
            }
            Err(error) => return Err(error),
        };
        let broken = || {
            let reason = "key-secret must hold 32 bytes in base64; move it away to get new signing keys";
            io::Error::new(io::ErrorKind::InvalidData, reason)
        };
        let key = RandomizedNonceKey::new(&AES_256_GCM, &bytes.ok_or_else(broken)?).map_err(|_| broken())?;
        Ok(Self(key))
    }

    /// What may be kept of `secret` under this name.
    pub(crate) fn seal(&self, name: &str, secret: &[u8]) -> Option<String> {
        let mut sealed = secret.to_vec();
        let nonce = self.0.seal_in_place_append_tag(Aad::from(name.as_bytes()), &mut sealed).ok()?;
        Some(STANDARD.encode([nonce.as_ref().as_slice(), &sealed].concat()))
    }

    /// The secret that was sealed under this name; none when it was sealed elsewhere.
    pub(crate) fn unseal(&self, name: &str, sealed: &str) -> Option<Vec<u8>> {
        let bytes = STANDARD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut secret = sealed.to_vec();
        Some(self.0.open_in_place(nonce, Aad::from(name.as_bytes()), &mut secret).ok()?.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::Seal;

    #[test]
    fn only_the_same_installation_opens_what_it_sealed() {
        let (here, there) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let sealed = Seal::open(here.path()).expect("made").seal("a", b"secret").expect("sealed");
        let again = Seal::open(here.path()).expect("read");
        assert_eq!(again.unseal("a", &sealed).as_deref(), Some(b"secret".as_slice()));
        assert_eq!(again.unseal("b", &sealed), None);
        assert_eq!(Seal::open(there.path()).expect("made").unseal("a", &sealed), None);
        let file = here.path().join("key-secret");
        assert_eq!(std::fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);
        std::fs::write(&file, "nonsense").expect("written");
        assert!(Seal::open(here.path()).is_err());
    }
}
