//! Pages of the admin area, one file each.

pub(crate) mod edit;
pub(crate) mod home;
pub(crate) mod posts;
pub(crate) mod unknown;

use contracts::module::Head;

/// The head of an admin page.
pub(crate) fn head(title: &str) -> Head {
    Head { title: title.to_owned(), robots: Some("noindex".to_owned()), ..Head::default() }
}
