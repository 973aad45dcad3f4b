//! The service's tables. Each file knows one of them (or a few that belong together) and nothing of
//! HTTP.

pub(crate) mod accounts;
pub(crate) mod audit;
pub(crate) mod identities;
pub(crate) mod invitations;
pub(crate) mod keys;
pub(crate) mod links;
pub(crate) mod mails;
pub(crate) mod me;
pub(crate) mod oidc;
pub(crate) mod registrations;
pub(crate) mod revocations;
pub(crate) mod sessions;
pub(crate) mod settings;
pub(crate) mod throttle;
pub(crate) mod tokens;
pub(crate) mod users;

/// What is backed up, parents before children. Sessions, links and queues are not: whoever is
/// restored signs in again.
pub(crate) const TABLES: &[kit::backup::Table] = &[
    kit::backup::Table { name: "users", key: &["id"] },
    kit::backup::Table { name: "identities", key: &["provider", "subject"] },
    kit::backup::Table { name: "settings", key: &["name"] },
    kit::backup::Table { name: "invitations", key: &["id"] },
    kit::backup::Table { name: "audit_log", key: &["id"] },
];
