//! The pages of an account.

use serde::{Deserialize, Serialize};

use super::{PageModel, PostLink};

/// `/bff/pages/login`, of `/login` and `/register`. Optional part: `options`, all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInPage {
    /// Who may register: `OPEN`, `INVITATION` or `CLOSED`.
    #[serde(default)]
    pub registration: String,
    /// Other sites to sign in with.
    #[serde(default)]
    pub providers: Vec<SignInProvider>,
    /// Parts that are not available now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}
impl PageModel for SignInPage {}

/// Another site to sign in with, by `/api/auth/oidc/:id?next=`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInProvider {
    /// As in the path.
    pub id: String,
    /// What it is called.
    pub name: String,
}

/// `/bff/pages/my/settings`. Optional part: `sessions`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SettingsPage {
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
    /// Whether the address is known to be theirs.
    #[serde(default)]
    pub email_verified: bool,
    /// `ko` or `en`; empty for what the browser says.
    #[serde(default)]
    pub locale: String,
    /// Whether there is a password; without one they sign in elsewhere.
    #[serde(default)]
    pub has_password: bool,
    /// Where they are signed in, used last first.
    #[serde(default)]
    pub sessions: Vec<SessionRow>,
    /// Parts that are not available now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}
impl PageModel for SettingsPage {}

/// A place where somebody is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRow {
    /// Needed to end it.
    pub id: String,
    /// Browser and system in words; empty when it is not known.
    pub device: String,
    /// Since when.
    pub created_at: String,
    /// Last use.
    pub seen_at: String,
    /// Whether it is this one.
    #[serde(default)]
    pub current: bool,
}

/// `/bff/pages/setup?token=`, `/bff/pages/reset/:token`, `/bff/pages/verify/:token`: whether a one-time link
/// is still good.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupPage {
    /// False once it was used.
    pub valid: bool,
}
impl PageModel for SetupPage {}

/// `/bff/pages/my/bookmarks?page=`. Optional part: `posts` (their titles).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BookmarksPage {
    /// Newest bookmark first.
    pub items: Vec<BookmarkRow>,
    /// This page, from 1.
    pub page: u32,
    /// Rows on a full page.
    pub size: u32,
    /// Rows on all pages.
    pub total: u32,
    /// Parts that are not available now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}
impl PageModel for BookmarksPage {}

/// A post that somebody keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookmarkRow {
    /// Needed to take it off.
    pub post_id: String,
    /// The post; its slug is empty when it cannot be seen now.
    pub post: PostLink,
    /// Since when.
    pub created_at: String,
}

/// `/bff/pages/my/comments?page=`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MyCommentsPage {
    /// Newest first.
    pub items: Vec<MyComment>,
    /// This page, from 1.
    pub page: u32,
    /// Rows on a full page.
    pub size: u32,
    /// Rows on all pages.
    pub total: u32,
}
impl PageModel for MyCommentsPage {}

/// A comment of one's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyComment {
    /// Id.
    pub id: String,
    /// On which post; its slug is empty when it cannot be seen now.
    pub post: PostLink,
    /// Sanitised HTML.
    pub html: String,
    /// When it was written.
    pub created_at: String,
    /// As in [`super::CommentView::state`].
    pub state: String,
}

/// `/bff/pages/bug-reports?page=&status=`: one's own, or everybody's for an admin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BugReportsPage {
    /// Newest first.
    pub items: Vec<BugReportRow>,
    /// This page, from 1.
    pub page: u32,
    /// Rows on a full page.
    pub size: u32,
    /// Rows on all pages.
    pub total: u32,
    /// Which status was asked for; empty for all.
    #[serde(default)]
    pub status: String,
    /// Whether this visitor answers them.
    #[serde(default)]
    pub can_respond: bool,
}
impl PageModel for BugReportsPage {}

/// A bug report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BugReportRow {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Plain text.
    pub description: String,
    /// Which kind of trouble.
    pub category: String,
    /// How urgent.
    pub priority: String,
    /// `PENDING`, `IN_PROGRESS` or `RESOLVED`.
    pub status: String,
    /// What was answered; empty while nothing was.
    #[serde(default)]
    pub response: String,
    /// When.
    #[serde(default)]
    pub responded_at: Option<String>,
    /// When it was sent.
    pub created_at: String,
    /// URL of a picture.
    #[serde(default)]
    pub screenshot: Option<String>,
    /// To be sent with an answer, so that it overwrites none that came meanwhile; 0 when not known.
    #[serde(default)]
    pub version: u32,
}
