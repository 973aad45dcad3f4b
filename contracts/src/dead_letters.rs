//! Messages that did not arrive: `GET /internal/dead-letters`, `POST /internal/dead-letters/{id}/replay`,
//! `DELETE /internal/dead-letters/{id}` of each service.

use serde::{Deserialize, Serialize};

/// Why a message lies there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum DeadLetterReason {
    /// The service that wrote it could not hand it over.
    #[default]
    Undelivered,
    /// The service that got it could not apply it.
    Failed,
    /// A newer build wrote it than the one that got it.
    Newer,
    /// It waits behind one that a newer build wrote.
    Behind,
}

/// A message that did not arrive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeadLetter {
    /// Id of the event.
    pub id: String,
    /// Why it lies there.
    pub reason: DeadLetterReason,
    /// `post.published`, …
    pub kind: String,
    /// What it is about.
    pub aggregate_id: String,
    /// Its place among the events of the aggregate.
    pub sequence: u64,
    /// When it happened, RFC 3339.
    pub occurred_at: String,
    /// Version of the payload's schema.
    pub schema_version: u32,
    /// The payload, as JSON text.
    pub data: String,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last attempt failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Since when it lies there, RFC 3339.
    pub since: String,
}

/// Answer of `GET /internal/dead-letters`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeadLetters {
    /// Oldest first, at most 500.
    pub items: Vec<DeadLetter>,
    /// How many there are.
    pub total: u64,
}

/// What came of a replay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ReplayOutcome {
    /// It is on its way again.
    #[default]
    Sent,
    /// Its effect is there now.
    Applied,
    /// It had no effect: a newer one of its aggregate was applied before.
    Outdated,
    /// This build cannot read it; it stays.
    Unreadable,
}

/// Answer of `POST /internal/dead-letters/{id}/replay`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Replay {
    /// What came of it.
    pub outcome: ReplayOutcome,
}
