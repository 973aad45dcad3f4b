//! Signing in with another provider (OpenID Connect), and the providers that are linked to an account.

use serde::{Deserialize, Serialize};

use super::Tokens;

/// A linked provider. `DELETE /api/auth/identities/:provider` unlinks it (204; 409
/// `last_sign_in_method` when nothing else lets them in).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Identity {
    /// `google`, …
    pub provider: String,
    /// Their id there.
    pub subject: String,
    /// Their address there when it was linked.
    #[serde(default)]
    pub email: Option<String>,
    /// RFC 3339.
    pub created_at: String,
}

/// Where to send a browser to sign in elsewhere: `GET /api/auth/oidc/:provider?next=` asked with
/// `Accept: application/json` (else a 303 with a cookie). Who asks keeps `binding` in a cookie of
/// that browser and shows it in the header `x-oidc-binding` of `GET
/// /api/auth/oidc/:provider/callback?code=&state=`, so that nobody is signed in by somebody else's
/// link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OidcStart {
    /// URL of the provider.
    pub location: String,
    /// What binds the answer to this browser.
    pub binding: String,
}

/// Answer of `GET /api/auth/oidc/:provider/callback`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OidcDone {
    /// The session; none where a provider was linked to the account that is signed in anyway.
    #[serde(default)]
    pub tokens: Option<Tokens>,
    /// Path on this site to go on to.
    pub next: String,
    /// Whether the account was made just now.
    pub registered: bool,
}

/// Body of `POST /api/auth/google` (200 [`Tokens`]): an id token that Google gave a client of its own.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GoogleInput {
    /// The id token. Each is taken once.
    pub id_token: String,
    /// The nonce that the client asked for, if it did.
    #[serde(default)]
    pub nonce: Option<String>,
}
