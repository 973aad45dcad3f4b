//! The service's tables. Each file knows one of them and nothing of HTTP.

pub(crate) mod authors;
pub(crate) mod beside;
pub(crate) mod change;
pub(crate) mod drafts;
pub(crate) mod facts;
pub(crate) mod feeds;
pub(crate) mod list;
pub(crate) mod posts;
pub(crate) mod recount;
pub(crate) mod redirects;
pub(crate) mod revision_images;
pub(crate) mod revisions;
pub(crate) mod row;
pub(crate) mod term_writes;
pub(crate) mod terms;
pub(crate) mod texts;

use kit::backup::Table;

/// What is backed up, parents before children.
pub(crate) const TABLES: &[Table] = &[
    Table { name: "authors", key: &["id"] },
    Table { name: "categories", key: &["id"] },
    Table { name: "tags", key: &["id"] },
    Table { name: "term_redirects", key: &["taxonomy", "slug"] },
    Table { name: "posts", key: &["id"] },
    Table { name: "post_texts", key: &["post_id"] },
    Table { name: "post_tags", key: &["post_id", "tag_id"] },
    Table { name: "redirects", key: &["path"] },
    Table { name: "revisions", key: &["id"] },
    Table { name: "drafts", key: &["id"] },
];
