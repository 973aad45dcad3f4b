//! The blog service through its routes, on both databases. One file for each part of the API.
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails")]

mod bad_input;
mod beside;
mod bulk;
mod counts;
mod drafts;
mod events;
mod feeds;
mod images;
mod import;
mod internal;
mod internal_drafts;
mod lists;
mod openapi;
mod outbox;
mod posts;
mod revisions;
mod schedule;
mod search;
mod slugs;
mod support;
mod terms;
mod trash;
mod visibility;
