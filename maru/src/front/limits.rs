//! `[limits]`.

use std::time::Duration;

use anyhow::{Result, bail};
use backend_bff::PerMinute;
use serde::{Deserialize, Serialize};

use crate::config::refused;

/// `[limits]`: requests per minute of one client (0: any number), and how much is answered at once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// False: no limit per client and none on what is answered at once. For measurements on a machine of one's own.
    pub enabled: bool,
    /// Attempts to sign in or to register, and mails asked for.
    pub login: u32,
    /// `/api/auth`, `/api/users`, `/api/author`.
    pub auth: u32,
    /// `/api/posts`, `/api/categories`, `/api/tags`, `/api/drafts`, `/api/search`.
    pub blog: u32,
    /// `/api/comments`, `/api/likes`, `/api/bookmarks`.
    pub content: u32,
    /// `/api/pages`.
    pub page: u32,
    /// `/api/views`, `/api/stats`, `/api/analytics`, `/api/visitors`, `/api/bug-reports`.
    pub analytics: u32,
    /// `/api/upload`, `/api/images`, `/api/backups`.
    pub storage: u32,
    /// What scripts ask for to show pages.
    pub pages: u32,
    /// Forms that are sent.
    pub forms: u32,
    /// Documents, feeds, site maps.
    pub documents: u32,
    /// Images.
    pub media: u32,
    /// Requests that are answered at once; others wait.
    pub in_flight: usize,
    /// How long they wait, in milliseconds, before they are refused.
    pub queue_ms: u64,
    /// Open connections.
    pub connections: usize,
    /// Open connections from one address. Trusted proxies may have more.
    pub connections_per_address: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let backend_bff::TrafficLimits { per_minute, in_flight, queue, .. } = backend_bff::TrafficLimits::default();
        let PerMinute { login, auth, blog, content, page, analytics, storage, pages, forms, documents, media } =
            per_minute;
        Self {
            enabled: true,
            login,
            auth,
            blog,
            content,
            page,
            analytics,
            storage,
            pages,
            forms,
            documents,
            media,
            in_flight,
            queue_ms: u64::try_from(queue.as_millis()).unwrap_or_default(),
            connections: 4000,
            connections_per_address: 200,
        }
    }
}

impl Limits {
    /// As the BFF takes it.
    pub fn settings(&self) -> backend_bff::TrafficLimits {
        if !self.enabled {
            return backend_bff::TrafficLimits::none();
        }
        let Self { login, auth, blog, content, page, analytics, storage, pages, forms, documents, media, .. } = *self;
        backend_bff::TrafficLimits {
            per_minute: PerMinute {
                login,
                auth,
                blog,
                content,
                page,
                analytics,
                storage,
                pages,
                forms,
                documents,
                media,
            },
            in_flight: self.in_flight,
            queue: Duration::from_millis(self.queue_ms),
            ..backend_bff::TrafficLimits::default()
        }
    }

    /// Refuses what would let nobody in.
    ///
    /// # Errors
    /// Names the key.
    pub fn check(&self) -> Result<()> {
        for (key, value) in
            [("limits.connections", self.connections), ("limits.connections_per_address", self.connections_per_address)]
        {
            if value == 0 {
                bail!(refused(key, value));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_can_be_turned_off() {
        assert_eq!(Limits::default().settings().per_minute, PerMinute::default());
        let off = Limits { enabled: false, ..Limits::default() }.settings();
        assert_eq!((off.per_minute, off.in_flight), (PerMinute::any(), 0));
    }

    #[test]
    fn somebody_is_let_in() {
        let refused = Limits { connections: 0, ..Limits::default() }.check().unwrap_err().to_string();
        assert!(refused.contains("limits.connections"), "{refused}");
    }
}
