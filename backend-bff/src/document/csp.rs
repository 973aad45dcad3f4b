use base64::{Engine, engine::general_purpose::STANDARD};
use http::HeaderValue;
use sha2::{Digest, Sha256};

use super::THEME_SCRIPT;

/// The content security policy of every answer. The one inline script is allowed by its digest, not
/// by a nonce, so that a document can be kept.
pub(crate) fn policy(secure: bool) -> HeaderValue {
    let script = STANDARD.encode(Sha256::digest(THEME_SCRIPT));
    let mut policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-{script}'; style-src 'self'; \
         img-src 'self' data: https:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'; object-src 'none'; manifest-src 'self'"
    );
    if secure {
        policy.push_str("; upgrade-insecure-requests");
    }
    HeaderValue::from_str(&policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}
