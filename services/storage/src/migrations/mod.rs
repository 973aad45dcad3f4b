//! The schema, step by step.

use kit::db::Migration;

/// All steps, in order. A released one is never changed.
pub(crate) const ALL: &[Migration] = &[Migration { number: 1, name: "images", sql: include_str!("0001_images.sql") }];
