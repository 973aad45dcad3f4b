//! Invitations to register.

use serde::{Deserialize, Serialize};

use crate::module::Role;

/// Body of `POST /api/auth/invitations` (ADMIN; 201 [`NewInvitation`]).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InvitationInput {
    /// Only for this address, to which it is sent; anybody with the link when absent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 254))]
    pub email: Option<String>,
    /// Role of the account that is made with it. Any but USER needs a fresh sign-in (403 `fresh_sign_in_needed`).
    #[serde(default)]
    pub role: Role,
    /// How long it is good, 1–30; 7 when absent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 30))]
    pub days: Option<u32>,
    /// Language of the mail, `ko` or `en`.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(pattern = "^(ko|en)?$"))]
    pub locale: Option<String>,
}

/// An invitation: `GET /api/auth/invitations?page&size` (ADMIN, paged, newest first), `DELETE
/// /api/auth/invitations/:id` (204).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitation {
    /// UUIDv7.
    pub id: String,
    /// Only for this address.
    #[serde(default)]
    pub email: Option<String>,
    /// Role of the account.
    pub role: Role,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub expires_at: String,
    /// RFC 3339; none when it is still good.
    #[serde(default)]
    pub used_at: Option<String>,
    /// The account that was made with it.
    #[serde(default)]
    pub used_by: Option<String>,
}

/// A new invitation. Its link is shown once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewInvitation {
    /// The invitation.
    pub invitation: Invitation,
    /// `<site>/register?invitation=<token>`
    pub link: String,
}
