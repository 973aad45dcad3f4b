//! The storage service through its routes, on both sets of parts: SQLite and a folder, PostgreSQL and
//! an S3 server.
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails")]

mod backups;
mod beside;
mod hostile;
mod images;
mod pictures;
mod reconcile;
mod s3;
mod saga;
mod support;
mod uses;
mod variants;
