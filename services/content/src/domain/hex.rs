//! Bytes as hexadecimal digits, and digests in that form.

use sha2::{Digest, Sha256};

/// Two digits a byte.
pub(crate) fn encode(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// SHA-256.
pub(crate) fn digest(bytes: impl AsRef<[u8]>) -> String {
    encode(&Sha256::digest(bytes))
}
