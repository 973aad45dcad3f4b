//! Access tokens: their claims, the keys that sign them, and which are revoked.

use serde::{Deserialize, Serialize};

use crate::module::Role;

/// Claims of an access token (RFC 7519, RFC 9068): a JWS signed with EdDSA, 5 minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// User id.
    pub sub: String,
    /// Issuer: the public URL of the site.
    pub iss: String,
    /// `maru`.
    pub aud: String,
    /// Seconds since the epoch.
    pub exp: i64,
    /// Seconds since the epoch.
    pub iat: i64,
    /// Id of the token.
    pub jti: String,
    /// Id of the session (refresh token family).
    pub sid: String,
    /// Display name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// Grows when all tokens of the user so far stop being good (suspension, another role).
    #[serde(default)]
    pub generation: u32,
}

/// Audience of access tokens.
pub const AUDIENCE: &str = "maru";

/// Body of `POST /api/auth/keys/rotate` (ADMIN) and `POST /internal/keys/rotate` (200
/// [`SigningKeys`]).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RotateInput {
    /// The keys so far are not to be trusted: they go at once, and access tokens signed with them
    /// too. Else the new key is only published, used after ten minutes, and the old one kept until
    /// its last token has ended.
    #[serde(default)]
    pub compromised: bool,
}

/// The keys that access tokens are signed with: `GET /api/auth/keys` (ADMIN).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SigningKeys {
    /// Newest first.
    pub keys: Vec<SigningKeyInfo>,
}

/// One of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SigningKeyInfo {
    /// Its name.
    pub kid: String,
    /// `EdDSA` or `RS256`.
    pub alg: String,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339: from when on it signs.
    pub active_at: String,
    /// Whether it signs now.
    pub signs: bool,
}

/// Access tokens that are no longer good before their end: `GET /internal/revocations`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Revocations {
    /// Users whose older tokens are not good.
    #[serde(default)]
    pub users: Vec<RevokedUser>,
    /// Ids of sessions that have ended.
    #[serde(default)]
    pub sessions: Vec<String>,
}

/// See [`Revocations`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevokedUser {
    /// Who.
    pub user_id: String,
    /// The first generation of tokens ([`Claims::generation`]) that is good.
    pub generation: u32,
}
