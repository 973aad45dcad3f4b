//! The page service through its routes, on both databases. One file for each part of the API.
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails")]

mod backup;
mod bad_input;
mod events;
mod import;
mod lists;
mod pages;
mod slugs;
mod support;
mod trash;
