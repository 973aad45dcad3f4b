//! The service's tables. Each file knows one of them and nothing of HTTP.

pub(crate) mod authors;
pub(crate) mod list;
pub(crate) mod pages;
pub(crate) mod redirects;
pub(crate) mod row;

use kit::backup::Table;

/// What a backup holds.
pub(crate) const TABLES: &[Table] = &[
    Table { name: "authors", key: &["id"] },
    Table { name: "pages", key: &["id"] },
    Table { name: "redirects", key: &["path"] },
];

/// The columns are never negative; the databases only have signed integers.
pub(crate) fn unsigned(number: impl TryInto<u32>) -> u32 {
    number.try_into().unwrap_or_default()
}
