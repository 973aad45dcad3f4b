//! Who may register and how to sign in, as an admin decides it.

use serde::{Deserialize, Serialize};

/// Who may register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum Registration {
    /// Everybody.
    #[default]
    Open,
    /// Who has an invitation.
    Invitation,
    /// Nobody.
    Closed,
}

/// What an admin decides: `GET`/`PUT /api/auth/settings` (ADMIN; a stale `version` is a 409).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AuthSettings {
    /// Who may register.
    pub registration: Registration,
    /// Whether an account is made only when the link sent to its address is followed. Without it,
    /// registering tells whether an address has an account.
    pub verify_email: bool,
    /// Name of the site in mails; 1–60 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 60))]
    pub site_name: String,
    /// Language of mails to those who chose none: `ko` or `en`.
    #[cfg_attr(feature = "openapi", schema(pattern = "^(ko|en)$"))]
    pub locale: String,
    /// Version that was read; grows with each change.
    pub version: u32,
}

/// What a sign-in page needs to know: `GET /api/auth/options` (public).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignInOptions {
    /// Who may register.
    pub registration: Registration,
    /// See [`AuthSettings::verify_email`].
    pub verify_email: bool,
    /// Providers to sign in with.
    pub providers: Vec<ProviderInfo>,
}

/// A provider to sign in with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderInfo {
    /// For `GET /api/auth/oidc/:provider`.
    pub id: String,
    /// Shown on the button.
    pub name: String,
}
