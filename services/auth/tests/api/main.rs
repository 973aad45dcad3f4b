//! The auth service through its routes, on both databases. One file for each part of the API.
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails")]

mod accounts;
mod addresses;
mod api;
mod deletion;
mod eml;
mod images;
mod keys;
mod mails;
mod operators;
mod passwords;
mod processes;
mod profile;
mod providers;
mod registration;
mod servers;
mod sessions;
mod support;
mod tokens;
mod users;
