//! The content service through its routes, on both databases. One file for each part of the API.
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails")]

mod backup;
mod bookmarks;
mod events;
mod guests;
mod hostile;
mod import;
mod likes;
mod moderation;
mod neighbours;
mod private;
mod support;
mod threads;
mod upkeep;
mod writing;
