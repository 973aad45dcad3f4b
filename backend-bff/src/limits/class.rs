//! What kinds of requests are counted apart.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{gateway, paths};

/// How many requests of each kind a client may make in a minute; 0 for any number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PerMinute {
    /// Attempts to sign in or to register, and mails asked for; counted by address, whoever asks.
    pub login: u32,
    /// The rest of the auth service.
    pub auth: u32,
    /// The API of posts, categories, tags, drafts, search.
    pub blog: u32,
    /// The API of comments, likes, bookmarks.
    pub content: u32,
    /// The API of static pages.
    pub page: u32,
    /// The API of views, numbers, bug reports.
    pub analytics: u32,
    /// The API of uploads, images, backups.
    pub storage: u32,
    /// What pages show, asked for by scripts.
    pub pages: u32,
    /// Forms that are sent.
    pub forms: u32,
    /// Documents, feeds, site maps.
    pub documents: u32,
    /// Images.
    pub media: u32,
    /// What browsers report of modules that fail in them.
    pub reports: u32,
}

impl Default for PerMinute {
    fn default() -> Self {
        Self {
            login: 10,
            auth: 100,
            blog: 200,
            content: 100,
            page: 100,
            analytics: 100,
            storage: 100,
            pages: 600,
            forms: 200,
            documents: 600,
            media: 2000,
            reports: 30,
        }
    }
}

impl PerMinute {
    /// As many as anybody likes.
    pub fn any() -> Self {
        Self {
            login: 0,
            auth: 0,
            blog: 0,
            content: 0,
            page: 0,
            analytics: 0,
            storage: 0,
            pages: 0,
            forms: 0,
            documents: 0,
            media: 0,
            reports: 0,
        }
    }
}

/// A kind of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Login,
    Auth,
    Blog,
    Content,
    Page,
    Analytics,
    Storage,
    Pages,
    Forms,
    Documents,
    Media,
    Reports,
}

/// What tries a password, makes an account or sends a mail.
const LOGIN: [&str; 9] = [
    "/api/auth/login",
    "/api/auth/register",
    "/api/auth/google",
    "/api/auth/password-reset",
    "/api/auth/reauthenticate",
    "/forms/login",
    "/forms/register",
    "/forms/forgot",
    "/forms/setup",
];

/// What the API says of itself: the same for everybody, so shared caches may keep it.
const API_DOCUMENTS: [&str; 3] = ["/api/openapi.json", "/api/docs", "/api/docs.css"];

impl Class {
    pub(super) const ALL: [Self; 12] = [
        Self::Login,
        Self::Auth,
        Self::Blog,
        Self::Content,
        Self::Page,
        Self::Analytics,
        Self::Storage,
        Self::Pages,
        Self::Forms,
        Self::Documents,
        Self::Media,
        Self::Reports,
    ];

    pub(super) fn of(method: &Method, path: &str) -> Self {
        let path = gateway::unversioned(path);
        // What cannot be read is refused further on.
        let Ok(path) = paths::decode(&path) else { return Self::Documents };
        if *method == Method::POST && LOGIN.contains(&path.as_str()) {
            return Self::Login;
        }
        let mut segments = path.split('/').skip(1);
        match segments.next().unwrap_or_default() {
            "api" if API_DOCUMENTS.contains(&path.as_str()) => Self::Documents,
            "api" => match gateway::service(&path) {
                Some("auth") | None => Self::Auth,
                Some("content") => Self::Content,
                Some("page") => Self::Page,
                Some("analytics") => Self::Analytics,
                Some("storage") => Self::Storage,
                Some(_) => Self::Blog,
            },
            "bff" => Self::Pages,
            "forms" => Self::Forms,
            "media" => Self::Media,
            "_m" => Self::Reports,
            _ => Self::Documents,
        }
    }

    /// As headers and metrics name it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Auth => "auth",
            Self::Blog => "blog",
            Self::Content => "content",
            Self::Page => "page",
            Self::Analytics => "analytics",
            Self::Storage => "storage",
            Self::Pages => "pages",
            Self::Forms => "forms",
            Self::Documents => "documents",
            Self::Media => "media",
            Self::Reports => "reports",
        }
    }

    pub(super) fn of_minute(self, per_minute: &PerMinute) -> u32 {
        match self {
            Self::Login => per_minute.login,
            Self::Auth => per_minute.auth,
            Self::Blog => per_minute.blog,
            Self::Content => per_minute.content,
            Self::Page => per_minute.page,
            Self::Analytics => per_minute.analytics,
            Self::Storage => per_minute.storage,
            Self::Pages => per_minute.pages,
            Self::Forms => per_minute.forms,
            Self::Documents => per_minute.documents,
            Self::Media => per_minute.media,
            Self::Reports => per_minute.reports,
        }
    }

    /// Whether clients are told how much is left. What shared caches may keep says nothing about one client.
    pub(super) fn is_told(self) -> bool {
        !matches!(self, Self::Documents | Self::Media)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_of_its_service() {
        let class = |path: &str| Class::of(&Method::GET, path).name();
        for (path, name) in [
            ("/api/auth/me", "auth"),
            ("/api/v1/users", "auth"),
            ("/api/posts/x", "blog"),
            ("/api/search", "blog"),
            ("/api/likes/x/status", "content"),
            ("/api/pages", "page"),
            ("/api/stats", "analytics"),
            ("/api/backups", "storage"),
            ("/api/nothing", "auth"),
            ("/bff/pages/home", "pages"),
            ("/forms/comments", "forms"),
            ("/media/x.png", "media"),
            ("/_m/report", "reports"),
            ("/api/v1/openapi.json", "documents"),
            ("/api/docs", "documents"),
            ("/posts/x", "documents"),
            ("/feed.xml", "documents"),
            ("/%zz", "documents"),
        ] {
            assert_eq!(class(path), name, "{path}");
        }
    }

    #[test]
    fn no_spelling_of_a_sign_in_gets_around_its_limit() {
        for path in ["/api/auth/login", "/api/v1/auth/login", "/api/%61uth/login", "/api/auth/log%69n", "/forms/login"]
        {
            assert_eq!(Class::of(&Method::POST, path), Class::Login, "{path}");
        }
        assert_eq!(Class::of(&Method::GET, "/api/auth/login"), Class::Auth);
    }
}
