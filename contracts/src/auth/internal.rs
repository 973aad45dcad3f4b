//! Bodies of the auth service's internal routes.

use serde::{Deserialize, Serialize};

use super::LinkPurpose;
use crate::module::Role;

/// Body of `POST /internal/setup`: the first ADMIN, with the one-time token of the first start.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetupInput {
    /// From the link.
    pub token: String,
    /// E-mail address.
    #[cfg_attr(feature = "openapi", schema(max_length = 254))]
    pub email: String,
    /// 1–50 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 50))]
    pub name: String,
    /// 10–128 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 128))]
    pub password: String,
}

/// Body of `POST /internal/users`: an account made by an operator, with any role.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// E-mail address.
    #[cfg_attr(feature = "openapi", schema(max_length = 254))]
    pub email: String,
    /// 1–50 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 50))]
    pub name: String,
    /// 10–128 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 128))]
    pub password: String,
    /// What they may do.
    #[serde(default)]
    pub role: Role,
}

/// Body of `PUT /internal/authors`: an account that cannot sign in, for the author of imported or
/// demo posts. The same `key` always gives the same account; its name is set only when it is made.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AuthorInput {
    /// What identifies the author across imports: `import:<name>`.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub key: String,
    /// Display name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 50))]
    pub name: String,
    /// A few words.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub bio: String,
    /// Picture.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub avatar: Option<String>,
}

/// `GET /internal/users/count`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserCount {
    /// Accounts that can sign in.
    pub users: u32,
}

/// `GET /internal/setup?token=`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetupState {
    /// Whether the token still makes an admin.
    pub valid: bool,
}

/// `GET /internal/links?token=`: what a link of a mail would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkState {
    /// What for; none when it has ended or never was.
    #[serde(default)]
    pub purpose: Option<LinkPurpose>,
}

/// `GET /internal/users/name-taken?name=`: whether a member is called so, however it is spelled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NameTaken {
    /// Whether one is.
    pub taken: bool,
}

/// `POST /internal/maintenance`: what the background task does by itself every minute, now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Maintained {
    /// Rows that had ended and are gone.
    pub pruned: u64,
    /// Signing keys that were made.
    pub keys_made: u32,
    /// Signing keys that are gone.
    pub keys_removed: u32,
}
