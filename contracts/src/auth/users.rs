//! Accounts as an ADMIN sees and changes them, and what happened to them.

use serde::{Deserialize, Serialize};

use crate::module::Role;

/// Whether an account can be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum UserStatus {
    /// It can.
    #[default]
    Active,
    /// An admin locked it.
    Suspended,
}

/// An account as an ADMIN sees it: `GET /api/users?q&role&status&sort&page&size` (paged; `sort` is
/// one of `newest`, `oldest`, `name`, `email`, `seen`), `GET /api/users/:id`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserAccount {
    /// UUIDv7.
    pub id: String,
    /// E-mail address; none for authors of imports, who cannot sign in.
    #[serde(default)]
    pub email: Option<String>,
    /// Display name.
    pub name: String,
    /// Picture.
    #[serde(default)]
    pub avatar: Option<String>,
    /// Role.
    pub role: Role,
    /// Whether it can be used.
    pub status: UserStatus,
    /// Whether it was shown that the address is theirs.
    pub email_verified: bool,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339; none when they never signed in.
    #[serde(default)]
    pub last_seen_at: Option<String>,
}

/// Body of `PUT /api/users/:id/status` (ADMIN; 200 [`UserAccount`]; 409 `last_admin`).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StatusInput {
    /// `SUSPENDED` ends all sessions at once.
    pub status: UserStatus,
}

/// Body of `PUT /api/users/:id/role` (ADMIN; 200 [`UserAccount`]; 409 `last_admin`).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RoleInput {
    /// New role.
    pub role: Role,
    /// The admin's own password: giving a higher role needs it, or else a fresh sign-in (403
    /// `fresh_sign_in_needed`).
    #[serde(default)]
    pub password: Option<String>,
}

/// Something that happened: `GET /api/users/audit?user&event&from&to&page&size` (ADMIN, paged,
/// newest first), `GET /internal/audit` (the same for services).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// UUIDv7.
    pub id: String,
    /// RFC 3339.
    pub at: String,
    /// `signed_in`, `role_changed`, …
    pub event: String,
    /// Whose account it is about.
    #[serde(default)]
    pub user_id: Option<String>,
    /// Who did it, where that is somebody else.
    #[serde(default)]
    pub actor_id: Option<String>,
    /// From where.
    #[serde(default)]
    pub address: Option<String>,
    /// More about it, e.g. `USER → AUTHOR`.
    #[serde(default)]
    pub detail: Option<String>,
}
