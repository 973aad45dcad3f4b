//! Pages of the admin area, one file each.

pub(crate) mod analytics;
pub(crate) mod comments;
pub(crate) mod drafts;
pub(crate) mod edit;
pub(crate) mod home;
pub(crate) mod images;
pub(crate) mod management;
mod page_cache;
mod parts;
pub(crate) mod posts;
pub(crate) mod revisions;
pub(crate) mod terms;
pub(crate) mod text_edit;
pub(crate) mod texts;
pub(crate) mod users;

use contracts::module::Head;

/// The head of an admin page.
pub(crate) fn head(title: &str) -> Head {
    Head { title: title.to_owned(), robots: Some("noindex".to_owned()), ..Head::default() }
}
