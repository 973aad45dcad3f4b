//! Events between services.

use serde::{Deserialize, Serialize};

/// What every event carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope<T> {
    /// UUIDv7; a consumer applies each id once.
    pub id: String,
    /// `user.profile.updated`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is about.
    pub aggregate_id: String,
    /// Grows by one with each event of the aggregate; a consumer skips what is not newer.
    pub sequence: i64,
    /// RFC 3339.
    pub occurred_at: String,
    /// W3C `traceparent` of the request that caused it.
    #[serde(default)]
    pub trace: Option<String>,
    /// Version of the payload's schema.
    pub schema_version: u32,
    /// The payload.
    pub data: T,
}

/// A payload with a type name and a version.
pub trait Event: Serialize + serde::de::DeserializeOwned {
    /// `user.profile.updated`, …
    const KIND: &'static str;
    /// Version of the schema that this build writes, and the newest that it can read.
    const SCHEMA_VERSION: u32;
}

/// An author changed name or picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserProfileUpdated {
    /// Whose.
    pub user_id: String,
    /// New name.
    pub name: String,
    /// New picture.
    #[serde(default)]
    pub avatar: Option<String>,
}

impl Event for UserProfileUpdated {
    const KIND: &'static str = "user.profile.updated";
    const SCHEMA_VERSION: u32 = 1;
}
