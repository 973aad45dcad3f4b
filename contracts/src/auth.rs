//! Bodies of the auth service and the claims of its access tokens.

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
}

/// Audience of access tokens.
pub const AUDIENCE: &str = "maru";

/// The account as its owner sees it: `GET /api/auth/me`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
}

/// Public card of a user: `GET /api/author?id=`, `GET /api/users?ids=`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

/// Body of `POST /api/auth/register`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterInput {
    /// E-mail address.
    pub email: String,
    /// 1–50 characters.
    pub name: String,
    /// 10–128 characters.
    pub password: String,
}

/// Body of `POST /internal/setup`: the first ADMIN, with the one-time token of the first start.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetupInput {
    /// From the link.
    pub token: String,
    /// E-mail address.
    pub email: String,
    /// 1–50 characters.
    pub name: String,
    /// 10–128 characters.
    pub password: String,
}

/// Body of `POST /internal/users`: an account made by an operator, with any role.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// E-mail address.
    pub email: String,
    /// 1–50 characters.
    pub name: String,
    /// 10–128 characters.
    pub password: String,
    /// What they may do.
    #[serde(default)]
    pub role: Role,
}

/// Body of `POST /api/auth/login`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginInput {
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: String,
}

/// Body of `POST /api/auth/refresh-token` and `POST /api/auth/logout`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefreshInput {
    /// The newest refresh token of the session.
    pub refresh_token: String,
}

/// Answer of login, register, set-up and refresh.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
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

/// Body of `PUT /api/auth/profile`. What is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileInput {
    /// 1–50 characters.
    #[serde(default)]
    pub name: Option<String>,
    /// At most 500 characters.
    #[serde(default)]
    pub bio: Option<String>,
    /// URL on this site; empty removes it.
    #[serde(default)]
    pub avatar: Option<String>,
    /// `ko` or `en`.
    #[serde(default)]
    pub locale: Option<String>,
}

/// Body of `PUT /internal/authors`: an account that cannot sign in, for the author of imported or
/// demo posts. The same `key` always gives the same account; its name is set only when it is made.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorInput {
    /// What identifies the author across imports: `import:<name>`.
    pub key: String,
    /// Display name.
    pub name: String,
    /// A few words.
    #[serde(default)]
    pub bio: String,
    /// Picture.
    #[serde(default)]
    pub avatar: Option<String>,
}

/// `GET /internal/users/count`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserCount {
    /// Accounts that can sign in.
    pub users: u32,
}

/// `GET /internal/setup?token=`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupState {
    /// Whether the token still makes an admin.
    pub valid: bool,
}
