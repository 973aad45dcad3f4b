//! The auth service through its routes, on both databases. One file for each part of the API.
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails")]

mod accounts;
mod operators;
mod profile;
mod sessions;
mod support;
