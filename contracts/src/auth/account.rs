//! One's own account: profile, export, deletion.

use serde::{Deserialize, Serialize};

use super::{AuditEntry, Identity, Me, SessionInfo};

/// Body of `PUT /api/auth/profile`. What is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProfileInput {
    /// 1–50 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 50))]
    pub name: Option<String>,
    /// At most 500 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub bio: Option<String>,
    /// URL on this site; empty removes it.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub avatar: Option<String>,
    /// `ko` or `en`.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(pattern = "^(ko|en)?$"))]
    pub locale: Option<String>,
}

/// Body of `DELETE /api/auth/me` (204).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeleteAccountInput {
    /// The password, or else a fresh sign-in (403 `fresh_sign_in_needed`).
    #[serde(default)]
    pub password: Option<String>,
    /// Whether what they wrote stays, under "deleted user"; else it is removed.
    pub keep_content: bool,
}

/// What the service holds about its caller: `GET /api/auth/me/export`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountExport {
    /// The account.
    pub account: Me,
    /// Linked providers.
    pub identities: Vec<Identity>,
    /// Sessions.
    pub sessions: Vec<SessionInfo>,
    /// What happened to the account, newest first (at most 1,000).
    pub audit: Vec<AuditEntry>,
    /// RFC 3339.
    pub exported_at: String,
}
