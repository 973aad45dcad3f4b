//! Bodies of the analytics service.

use serde::{Deserialize, Serialize};

/// Body of `POST /api/views/post/:id` and `POST /api/views/page/:id`; may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ViewInput {
    /// What `document.referrer` says. Only its host is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referrer: Option<String>,
}

/// Answer of `POST /api/views/…`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ViewCounted {
    /// Whether this visit was a new view: the first of this visitor today, and not a bot's.
    pub counted: bool,
    /// All views so far.
    pub views: u64,
}

/// `GET /api/visitors`: visitors of the whole site. A visitor who comes back another day is a new
/// one: nothing that would tell is kept. Of one address (IPv6: of a /64) at most five a day are told
/// apart, whatever their browsers are called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Visitors {
    /// Since midnight.
    pub today: u64,
    /// The day before.
    #[serde(default)]
    pub yesterday: u64,
    /// The sum of all days.
    pub total: u64,
}

/// Views and visitors of a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayCount {
    /// `2026-11-21`.
    pub day: String,
    /// Views of posts and pages.
    pub views: u64,
    /// Different visitors.
    pub visitors: u64,
}

/// Numbers of a post.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PostCount {
    /// UUIDv7.
    pub post_id: String,
    /// Last part of its URL.
    pub slug: String,
    /// Title.
    pub title: String,
    /// All views so far.
    pub views: u64,
    /// Comments that everybody may see.
    pub comments: u32,
    /// Likes.
    pub likes: u32,
}

/// `GET /api/stats`: the dashboard. An admin sees the whole site, an author their own posts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stats {
    /// Whether these are numbers of the whole site rather than of one's own posts.
    pub site: bool,
    /// Views since midnight.
    pub views_today: u64,
    /// Views of the day before.
    pub views_yesterday: u64,
    /// Views of the last 7 days, today included.
    pub views_week: u64,
    /// Views of the last 30 days, today included.
    pub views_month: u64,
    /// All views so far.
    pub views_total: u64,
    /// Visitors since midnight.
    pub visitors_today: u64,
    /// Visitors of the day before.
    pub visitors_yesterday: u64,
    /// The sum of the visitors of all days.
    pub visitors_total: u64,
    /// Posts that are not in the trash.
    pub posts: u32,
    /// Those of them that are public.
    pub posts_public: u32,
    /// Comments that everybody may see.
    pub comments: u32,
    /// Likes.
    pub likes: u32,
    /// Bug reports not resolved yet; 0 for an author.
    pub bug_reports_open: u32,
    /// The last 30 days, oldest first; days without views are there too.
    pub trend: Vec<DayCount>,
    /// The ten most viewed posts.
    pub top_posts: Vec<PostCount>,
}

/// By what `GET /api/analytics/pageviews` counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ReportBy {
    /// One row a day: key `2026-11-21`.
    #[default]
    Day,
    /// One row an ISO week: key `2026-W47`.
    Week,
    /// One row a month: key `2026-11`.
    Month,
    /// One row a post or page: key is its id.
    Post,
    /// One row a host that linked here: key is the host, empty when there was none.
    Referrer,
    /// One row a country: key is its ISO code, empty when not known.
    Country,
    /// `desktop`, `mobile`, `tablet`.
    Device,
}

/// `GET /api/analytics/pageviews?from=2026-11-01&to=2026-11-21&by=day[&post=<id>][&format=csv]`
/// (ADMIN: the whole site; AUTHOR: own posts). Both days are included.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Report {
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// By what it counts.
    pub by: ReportBy,
    /// Views of all rows, those cut off included.
    pub total: u64,
    /// By time: oldest first, without gaps. Else: most views first, at most 500.
    pub items: Vec<ReportRow>,
}

/// A row of a [`Report`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportRow {
    /// See [`ReportBy`].
    pub key: String,
    /// What to show: the title of a post, else the key.
    pub label: String,
    /// Where it leads: `/posts/<slug>` for a post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Views.
    pub views: u64,
    /// The sum of the visitors of each day; only in reports by time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitors: Option<u64>,
}

/// Data of each `snapshot` event of `GET /api/analytics/realtime` (server-sent events; ADMIN: the
/// whole site; AUTHOR: own posts). One comes at once, then one whenever something changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Realtime {
    /// RFC 3339.
    pub at: String,
    /// Different visitors of the last five minutes.
    pub active: u32,
    /// Views of each of the last thirty minutes, oldest first.
    pub minutes: Vec<u32>,
    /// What they look at, most visitors first, at most ten.
    pub pages: Vec<ActivePage>,
}

/// A post or page somebody looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActivePage {
    /// Title.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// Visitors of the last five minutes.
    pub visitors: u32,
}

/// What a bug report is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum BugCategory {
    /// Something does not work.
    #[default]
    Bug,
    /// Looks, words, ease of use.
    Interface,
    /// Something is slow.
    Performance,
    /// Sign-in, profile, settings.
    Account,
    /// A post or page is wrong.
    Content,
    /// Anything else.
    Other,
}

/// How much a bug hurts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum BugPriority {
    /// Not much.
    Low,
    /// Somewhat.
    #[default]
    Medium,
    /// A lot.
    High,
    /// Nothing goes any more.
    Urgent,
}

/// Where a bug report stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BugStatus {
    /// Nobody looked at it yet.
    #[default]
    Pending,
    /// Somebody is at it.
    InProgress,
    /// Done.
    Resolved,
}

macro_rules! names {
    ($kind:ty { $($variant:ident = $name:literal),+ }) => {
        impl $kind {
            /// The name used in JSON and in the database.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// What that name means.
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

names!(BugCategory {
    Bug = "BUG",
    Interface = "INTERFACE",
    Performance = "PERFORMANCE",
    Account = "ACCOUNT",
    Content = "CONTENT",
    Other = "OTHER"
});
names!(BugPriority { Low = "LOW", Medium = "MEDIUM", High = "HIGH", Urgent = "URGENT" });
names!(BugStatus { Pending = "PENDING", InProgress = "IN_PROGRESS", Resolved = "RESOLVED" });

/// Body of `POST /api/bug-reports` (anyone).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BugReportInput {
    /// 3 to 120 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 3, max_length = 120))]
    pub title: String,
    /// 10 to 5,000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 5000))]
    pub description: String,
    /// What it is about.
    #[serde(default)]
    pub category: BugCategory,
    /// How much it hurts.
    #[serde(default)]
    pub priority: BugPriority,
    /// URL of an image (`/media/…`) that the reporter uploaded; guests cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screenshot: Option<String>,
    /// Path of the page it happened on (`/posts/…`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub page: Option<String>,
}

/// A bug report: item of `GET /api/bug-reports?status=&category=&priority=&page=&size=` (own; ADMIN
/// all), answer of `POST /api/bug-reports`, `GET /api/bug-reports/:id` and
/// `PUT /api/bug-reports/:id/response`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BugReport {
    /// UUIDv7.
    pub id: String,
    /// In one line.
    pub title: String,
    /// In full; plain text.
    pub description: String,
    /// What it is about.
    pub category: BugCategory,
    /// How much it hurts.
    pub priority: BugPriority,
    /// Where it stands.
    pub status: BugStatus,
    /// Who reported it; none for a guest or a deleted account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reporter_id: Option<String>,
    /// Name of who reported it, as it was then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reporter_name: Option<String>,
    /// URL of an image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screenshot: Option<String>,
    /// Path of the page it happened on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// What an admin answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responded_at: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
    /// Goes up with every answer.
    #[serde(default)]
    pub version: u32,
}

/// `GET /api/bug-reports`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BugReportList {
    /// The items of this page, newest first.
    pub items: Vec<BugReport>,
    /// Items on all pages.
    pub total: u32,
}

/// Body of `PUT /api/bug-reports/:id/response` (ADMIN).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BugResponseInput {
    /// Where it stands now.
    pub status: BugStatus,
    /// 1 to 5,000 characters; absent leaves the answer as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 5000))]
    pub response: Option<String>,
    /// The version of the report that is answered: 409 when it was answered meanwhile. Without it the last answer wins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
}

/// Views of a post: item of `GET /internal/views?after=&limit=`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PostViews {
    /// UUIDv7.
    pub post_id: String,
    /// The total that was last told by `post.views.counted`.
    pub views: u64,
}

/// `GET /internal/views?after=<post id>&limit=`: totals of posts as they were told, in the order of
/// their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PostViewsPage {
    /// At most `limit`.
    pub items: Vec<PostViews>,
    /// The `after` of the next page; none on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
