//! Everything that crosses a boundary in Maru: the module contract, page view-models, service
//! bodies and event payloads.
//!
//! Types only. This crate depends on serde (and, with the feature `openapi`, which services use, on
//! utoipa), so that it compiles into every module
//! in the browser, every sandbox and every service. It does no I/O and knows no domain rule.
//!
//! To change a type: within a major version, structs only gain fields that are optional
//! (`#[serde(default)]`); a field never changes its meaning, and none is removed. Old bundles and
//! old services keep reading what new ones write.
#![forbid(unsafe_code)]

pub mod analytics;
pub mod auth;
pub mod blog;
pub mod cache;
pub mod content;
pub mod dead_letters;
pub mod events;
pub mod manifest;
pub mod module;
pub mod page;
pub mod pages;
pub mod problem;
pub mod reconcile;
pub mod search;
pub mod storage;

/// The version of the module contract that this build speaks. A bundle is accepted when its major
/// version is the same and its minor version is not newer.
pub const CONTRACT_VERSION: &str = "1.1";
