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
    /// Grows when all tokens of the user so far stop being good (suspension, another role).
    #[serde(default)]
    pub generation: u32,
}

/// Audience of access tokens.
pub const AUDIENCE: &str = "maru";

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

/// `GET /internal/links?token=`: what a link of a mail would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkState {
    /// What for; none when it has ended or never was.
    #[serde(default)]
    pub purpose: Option<LinkPurpose>,
}

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
    /// The admin's own password: granting ADMIN needs it, or else a fresh sign-in (403
    /// `fresh_sign_in_needed`).
    #[serde(default)]
    pub password: Option<String>,
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

/// A linked provider. `DELETE /api/auth/identities/:provider` unlinks it (204; 409
/// `last_sign_in_method` when nothing else lets them in).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Identity {
    /// `google`, …
    pub provider: String,
    /// Their id there.
    pub subject: String,
    /// Their address there when it was linked.
    #[serde(default)]
    pub email: Option<String>,
    /// RFC 3339.
    pub created_at: String,
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

/// Body of `POST /api/auth/invitations` (ADMIN; 201 [`NewInvitation`]).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InvitationInput {
    /// Only for this address, to which it is sent; anybody with the link when absent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 254))]
    pub email: Option<String>,
    /// Role of the account that is made with it. ADMIN needs a fresh sign-in.
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

/// Where to send a browser to sign in elsewhere: `GET /api/auth/oidc/:provider?next=` asked with
/// `Accept: application/json` (else a 303 with a cookie). Who asks keeps `binding` in a cookie of
/// that browser and shows it in the header `x-oidc-binding` of `GET
/// /api/auth/oidc/:provider/callback?code=&state=`, so that nobody is signed in by somebody else's
/// link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OidcStart {
    /// URL of the provider.
    pub location: String,
    /// What binds the answer to this browser.
    pub binding: String,
}

/// Answer of `GET /api/auth/oidc/:provider/callback`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OidcDone {
    /// The session; none where a provider was linked to the account that is signed in anyway.
    #[serde(default)]
    pub tokens: Option<Tokens>,
    /// Path on this site to go on to.
    pub next: String,
    /// Whether the account was made just now.
    pub registered: bool,
}

/// Body of `POST /api/auth/google` (200 [`Tokens`]): an id token that Google gave a client of its own.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GoogleInput {
    /// The id token. Each is taken once.
    pub id_token: String,
    /// The nonce that the client asked for, if it did.
    #[serde(default)]
    pub nonce: Option<String>,
}

/// `GET /internal/users/name-taken?name=`: whether a member is called so, however it is spelled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NameTaken {
    /// Whether one is.
    pub taken: bool,
}

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
