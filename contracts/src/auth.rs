//! Bodies of the auth service and the claims of its access tokens.

mod account;
mod credentials;
mod internal;
mod invitations;
mod oidc;
mod sessions;
mod settings;
mod tokens;
mod users;

use serde::{Deserialize, Serialize};

use crate::module::Role;

pub use account::*;
pub use credentials::*;
pub use internal::*;
pub use invitations::*;
pub use oidc::*;
pub use sessions::*;
pub use settings::*;
pub use tokens::*;
pub use users::*;

/// The account as its owner sees it: `GET /api/auth/me`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// UUIDv7.
    pub id: String,
    /// E-mail address.
    pub email: String,
    /// Display name.
    pub name: String,
    /// A few words about oneself.
    #[serde(default)]
    pub bio: String,
    /// Picture.
    #[serde(default)]
    pub avatar: Option<String>,
    /// Role.
    pub role: Role,
    /// Preferred language.
    #[serde(default)]
    pub locale: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// Whether it was shown that the address is theirs.
    #[serde(default)]
    pub email_verified: bool,
    /// An address that waits for its confirmation, to take the place of `email`.
    #[serde(default)]
    pub pending_email: Option<String>,
    /// Whether they can sign in with a password.
    #[serde(default)]
    pub has_password: bool,
    /// Ids of the sign-in providers that are linked: `google`, …
    #[serde(default)]
    pub providers: Vec<String>,
}

/// Public card of a user: `GET /api/author?id=`, `GET /api/users?ids=`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserCard {
    /// UUIDv7.
    pub id: String,
    /// Display name.
    pub name: String,
    /// A few words.
    #[serde(default)]
    pub bio: String,
    /// Picture.
    #[serde(default)]
    pub avatar: Option<String>,
}

/// Body of `POST /api/auth/register`. Answers 201 with [`Tokens`], or, where the site asks for a
/// verified address, 202 with [`MailSent`], whether or not there is an account with that address.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RegisterInput {
    /// E-mail address.
    #[cfg_attr(feature = "openapi", schema(max_length = 254))]
    pub email: String,
    /// 1–50 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 50))]
    pub name: String,
    /// 10–128 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 128))]
    pub password: String,
    /// Token of an invitation link; needed where registration is by invitation.
    #[serde(default)]
    pub invitation: Option<String>,
    /// Preferred language, `ko` or `en`.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(pattern = "^(ko|en)?$"))]
    pub locale: Option<String>,
}

/// Body of `POST /api/auth/login`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LoginInput {
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: String,
    /// For whom the access tokens of this session are; `maru` when absent. Others have to be
    /// configured.
    #[serde(default)]
    pub audience: Option<String>,
}

/// Body of `POST /api/auth/refresh-token` and `POST /api/auth/logout`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RefreshInput {
    /// The newest refresh token of the session.
    pub refresh_token: String,
}

/// Answer of login, register, set-up and refresh.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tokens {
    /// JWT.
    pub access_token: String,
    /// Seconds until it ends.
    pub expires_in: u32,
    /// Opaque, used once.
    pub refresh_token: String,
    /// Whose they are.
    pub user: Me,
}
