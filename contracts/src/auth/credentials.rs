//! The e-mail address and the password of an account, changed and confirmed by links in mails.

use serde::{Deserialize, Serialize};

/// Answer (202) of what sends a mail. It is the same whether or not there was anybody to send it to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailSent {
    /// The address as it was understood.
    pub email: String,
}

/// Body of `PUT /api/auth/password` (204). Every other session of the account ends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordInput {
    /// The password so far. An account that has none needs a fresh sign-in instead.
    #[serde(default)]
    pub current: Option<String>,
    /// 10–128 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 128))]
    pub password: String,
}

/// Body of `POST /api/auth/password-reset` (202 [`MailSent`]).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ResetRequest {
    /// E-mail address of the account.
    #[cfg_attr(feature = "openapi", schema(max_length = 254))]
    pub email: String,
    /// Language of the mail where the account has none, `ko` or `en`.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(pattern = "^(ko|en)?$"))]
    pub locale: Option<String>,
}

/// Body of `POST /api/auth/password-reset/confirm` (204). All sessions of the account end. A link
/// that was used or is older than 30 minutes is 410 `link_ended`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ResetInput {
    /// From the link `/reset/<token>`.
    pub token: String,
    /// 10–128 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 128))]
    pub password: String,
}

/// Body of `POST /api/auth/verify-email` (200 [`Verified`]). 410 `link_ended` like [`ResetInput`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct VerifyInput {
    /// From the link `/verify/<token>`.
    pub token: String,
}

/// What a followed link of a mail brought about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Verified {
    /// The address that is verified now.
    pub email: String,
    /// Which link it was.
    pub purpose: LinkPurpose,
}

/// What a link in a mail is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LinkPurpose {
    /// The account was made by it; its owner can sign in now.
    Registration,
    /// The address of an account was confirmed.
    #[default]
    Address,
    /// The account has a new address.
    AddressChange,
    /// A new password can be chosen.
    PasswordReset,
}

/// Body of `POST /api/auth/verify-email/resend` (202 [`MailSent`]).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ResendInput {
    /// The address that waits for its confirmation; the caller's own when absent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 254))]
    pub email: Option<String>,
}

/// Body of `PUT /api/auth/email` (202 [`MailSent`]): the address changes when the link in the mail
/// to the new one is followed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EmailInput {
    /// New address.
    #[cfg_attr(feature = "openapi", schema(max_length = 254))]
    pub email: String,
    /// The password, or else a fresh sign-in (403 `fresh_sign_in_needed`).
    #[serde(default)]
    pub password: Option<String>,
}
