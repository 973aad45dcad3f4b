//! The tables.

pub(crate) mod arrivals;
pub(crate) mod backups;
pub(crate) mod images;
pub(crate) mod list;
pub(crate) mod locks;
pub(crate) mod objects;
pub(crate) mod orphans;
pub(crate) mod sagas;
pub(crate) mod uses;
pub(crate) mod variants;

use kit::backup::Table;

/// What a backup holds of this service. Backups themselves are not backed up.
pub(crate) const TABLES: &[Table] = &[
    Table { name: "images", key: &["name"] },
    Table { name: "variants", key: &["name"] },
    Table { name: "uses", key: &["kind", "user_of", "stem"] },
    Table { name: "users_of_images", key: &["kind", "user_of"] },
];

/// A count as it goes out: never negative, though the databases only have signed integers.
pub(crate) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// The same for counts that stay small.
pub(crate) fn small(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}
