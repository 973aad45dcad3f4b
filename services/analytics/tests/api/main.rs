//! The analytics service through its routes, on both databases.
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails")]

mod bugs;
mod events;
mod hostile;
mod images;
mod realtime;
mod reports;
mod sink;
mod support;
mod views;
