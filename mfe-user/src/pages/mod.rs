//! Pages of the user area, one file each.

pub(crate) mod login;
pub(crate) mod register;
pub(crate) mod settings;
pub(crate) mod setup;
pub(crate) mod unknown;

use contracts::module::Head;
use shared_ui::encode;

/// The head of a page that search engines need not know.
pub(crate) fn head(title: &str) -> Head {
    Head { title: title.to_owned(), robots: Some("noindex".to_owned()), ..Head::default() }
}

/// A link to another page of the area that keeps where to go afterwards.
pub(crate) fn keeping_next(path: &str, next: &str) -> String {
    if next.is_empty() { path.to_owned() } else { [path, "?next=", &encode(next)].concat() }
}
