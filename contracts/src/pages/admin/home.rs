//! The dashboard.

use serde::{Deserialize, Serialize};

use crate::pages::{AdminCommentRow, AdminPostRow, Count, PageModel};

/// `/bff/pages/admin`. Optional parts: `users`, `comments`, `held_comments`, `numbers`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AdminHomePage {
    /// Public posts (an author's own).
    pub public_posts: u32,
    /// Drafts.
    pub drafts: u32,
    /// Accounts; none for an author.
    #[serde(default)]
    pub users: Option<u32>,
    /// Categories.
    pub categories: u32,
    /// Tags.
    pub tags: u32,
    /// Changed last.
    pub recent: Vec<AdminPostRow>,
    /// Live modules; none for an author.
    #[serde(default)]
    pub modules: Vec<ModuleRow>,
    /// Comments that wait for a decision; none for an author.
    #[serde(default)]
    pub held_comments: Option<u32>,
    /// The newest comments; none for an author.
    #[serde(default)]
    pub comments: Vec<AdminCommentRow>,
    /// Views and visitors, today and by day; none for an author.
    #[serde(default)]
    pub numbers: Option<Numbers>,
    /// Whether each service answers; none for an author.
    #[serde(default)]
    pub services: Vec<ServiceRow>,
    /// What the last reconciliation found; none for an author and before the first one.
    #[serde(default)]
    pub reconciliation: Option<ReconciliationRow>,
    /// Parts that are not available now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}
impl PageModel for AdminHomePage {}

/// The last reconciliation on the dashboard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReconciliationRow {
    /// When, RFC 3339.
    pub at: String,
    /// How many things were wrong. Expected: 0.
    pub drift: u32,
    /// Services that could not count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<String>,
}

/// A live module on the dashboard.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ModuleRow {
    /// Name.
    pub name: String,
    /// Live version.
    pub version: String,
    /// When it went live.
    pub released_at: String,
    /// Renderings in the sandbox since the start.
    pub renders: u32,
    /// How many of them failed.
    pub failures: u32,
}

/// A service on the dashboard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceRow {
    /// Name.
    pub name: String,
    /// Whether it can answer now.
    pub ready: bool,
}

/// How much the site is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbers {
    /// Views today (UTC).
    pub views_today: u32,
    /// Visitors today.
    pub visitors_today: u32,
    /// Views in the time asked for.
    pub views: u32,
    /// Visitors in the time asked for, each counted once a day.
    pub visitors: u32,
    /// Views by day, oldest first.
    #[serde(default)]
    pub by_day: Vec<Count>,
}
