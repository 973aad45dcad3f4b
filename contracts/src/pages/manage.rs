//! The admin area: what is looked after.

use serde::{Deserialize, Serialize};

use super::{Count, Numbers, PageModel};

/// `/bff/pages/admin/users?page=&q=&role=&status=`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AdminUsersPage {
    /// Rows of this page.
    pub items: Vec<UserRow>,
    /// This page, from 1.
    pub page: u32,
    /// Rows on a full page.
    pub size: u32,
    /// Rows on all pages.
    pub total: u32,
    /// What was searched for.
    #[serde(default)]
    pub q: String,
    /// `USER`, `AUTHOR` or `ADMIN`; empty for all.
    #[serde(default)]
    pub role: String,
    /// `ACTIVE` or `SUSPENDED`; empty for both.
    #[serde(default)]
    pub status: String,
}
impl PageModel for AdminUsersPage {}

/// An account in the table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRow {
    /// User id.
    pub id: String,
    /// E-mail address; empty for an author of imported posts, who cannot sign in.
    pub email: String,
    /// Display name.
    pub name: String,
    /// `USER`, `AUTHOR` or `ADMIN`.
    pub role: String,
    /// `ACTIVE` or `SUSPENDED`.
    pub status: String,
    /// Whether the address is known to be theirs.
    #[serde(default)]
    pub email_verified: bool,
    /// Since when.
    pub created_at: String,
    /// Last use; none when they never signed in.
    #[serde(default)]
    pub seen_at: Option<String>,
}

/// `/bff/pages/admin/images?page=&orphans=`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AdminImagesPage {
    /// Newest first.
    pub items: Vec<ImageRow>,
    /// This page, from 1.
    pub page: u32,
    /// Images on a full page.
    pub size: u32,
    /// Images on all pages.
    pub total: u32,
    /// Whether only those are shown that nothing has used for a day.
    #[serde(default)]
    pub orphans: bool,
}
impl PageModel for AdminImagesPage {}

/// An image in the library.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageRow {
    /// Id.
    pub id: String,
    /// Where browsers get it.
    pub url: String,
    /// A small variant of it.
    pub thumbnail: String,
    /// Name it came with.
    pub filename: String,
    /// Bytes.
    pub bytes: u32,
    /// Pixels.
    #[serde(default)]
    pub width: u32,
    /// Pixels.
    #[serde(default)]
    pub height: u32,
    /// What uses it: how many posts and pages.
    #[serde(default)]
    pub uses: u32,
    /// When it came.
    #[serde(default)]
    pub created_at: String,
}

/// `/bff/pages/admin/analytics?from=&to=`. Optional parts: `pages`, `referrers`, `countries`, `devices`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AdminAnalyticsPage {
    /// First day, `2026-03-01`.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Totals, and views by day.
    pub numbers: Numbers,
    /// Views by post or page.
    #[serde(default)]
    pub pages: Vec<Count>,
    /// Views by where readers came from.
    #[serde(default)]
    pub referrers: Vec<Count>,
    /// Views by country.
    #[serde(default)]
    pub countries: Vec<Count>,
    /// Views by device.
    #[serde(default)]
    pub devices: Vec<Count>,
    /// Parts that are not available now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}
impl PageModel for AdminAnalyticsPage {}

/// `/bff/pages/admin/management`. Optional parts: `backups`, `dead_letters`, `audit`, `settings`, each with
/// its own page too: `/bff/pages/admin/{backups,dead-letters,audit,settings}` answer the same type with only
/// that part.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ManagementPage {
    /// Newest first.
    #[serde(default)]
    pub backups: Vec<BackupRow>,
    /// Events that could not be delivered, of all services.
    #[serde(default)]
    pub dead_letters: Vec<DeadLetterRow>,
    /// What happened last: sign-ins and what admins did.
    #[serde(default)]
    pub audit: Vec<AuditRow>,
    /// `OPEN`, `INVITATION` or `CLOSED`.
    #[serde(default)]
    pub registration: String,
    /// Sent back when the settings are saved.
    #[serde(default)]
    pub settings_version: u32,
    /// What the last reconciliation found; empty before the first one.
    #[serde(default)]
    pub reconciliation: Vec<DriftRow>,
    /// What is kept of pages that are the same for everybody.
    #[serde(default)]
    pub cache: crate::cache::CacheStatus,
    /// When it was, RFC 3339; empty before the first one.
    #[serde(default)]
    pub reconciled_at: String,
    /// Services that could not count then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reconciliation_failed: Vec<String>,
    /// This page of the part, from 1.
    #[serde(default)]
    pub page: u32,
    /// Rows on a full page.
    #[serde(default)]
    pub size: u32,
    /// Rows on all pages.
    #[serde(default)]
    pub total: u32,
    /// Parts that are not available now; for dead letters of one service, `dead_letters:<service>`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}
impl PageModel for ManagementPage {}

/// A backup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupRow {
    /// Id.
    pub id: String,
    /// When it was begun.
    pub created_at: String,
    /// `RUNNING`, `READY` or `FAILED`; of the last restore `PREPARING`, `COMMITTING`, `DONE`, `UNDOING` or
    /// `UNDONE`.
    pub status: String,
    /// Bytes.
    #[serde(default)]
    pub bytes: u64,
    /// Hundredths of the work that are done.
    #[serde(default)]
    pub percent: u32,
    /// What happens now; empty when nothing does.
    #[serde(default)]
    pub step: String,
    /// Why it failed; empty when it did not.
    #[serde(default)]
    pub error: String,
}

/// An event that could not be delivered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetterRow {
    /// The service that holds it.
    pub service: String,
    /// Id.
    pub id: String,
    /// `post.deleted`, …
    pub kind: String,
    /// What it is about.
    pub aggregate_id: String,
    /// How often it was tried.
    pub attempts: u32,
    /// What went wrong.
    pub error: String,
    /// When it was given up.
    pub died_at: String,
}

/// A line of the audit log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// When.
    pub at: String,
    /// Who did it: a name, or an address.
    pub actor: String,
    /// What was done: `signed_in`, `role_changed`, …
    pub action: String,
    /// To whom or what.
    #[serde(default)]
    pub target: String,
}

/// What a reconciliation found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriftRow {
    /// The service that counted.
    pub service: String,
    /// What was counted: `like_counts`, `author_copies`, …
    pub check: String,
    /// How many things.
    pub checked: u32,
    /// How many were wrong.
    pub drift: u32,
    /// How many were put right.
    pub repaired: u32,
}
