//! The sessions of an account.

use serde::{Deserialize, Serialize};

/// Body of `POST /api/auth/reauthenticate` (204): the session counts as freshly signed in.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReauthInput {
    /// The caller's password.
    pub password: String,
}

/// A session of the caller: `GET /api/auth/sessions` (a list, last used first).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionInfo {
    /// For `DELETE /api/auth/sessions/:id`; `DELETE /api/auth/sessions` ends all but the current one.
    pub id: String,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub last_used_at: String,
    /// RFC 3339.
    pub expires_at: String,
    /// What the browser or client called itself.
    #[serde(default)]
    pub user_agent: Option<String>,
    /// Where it signed in from.
    #[serde(default)]
    pub address: Option<String>,
    /// How: `password`, or the id of a provider.
    pub method: String,
    /// Whether it is the one that asks.
    pub current: bool,
}
