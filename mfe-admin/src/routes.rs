//! Which page a path is, what it reads, what it looks like.

use leptos::either::EitherOf4;
use leptos::prelude::*;
use shared_ui::{Area, Location, encode};

use crate::pages;

/// The admin area.
pub(crate) struct Admin;

/// A page of the admin area.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Route {
    Home,
    Posts(Filter),
    /// The form: for a new post, or for the one with this slug.
    Edit(Option<String>),
    Unknown,
}

/// Which posts the table shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Filter {
    pub(crate) q: String,
    pub(crate) status: String,
    pub(crate) page: u32,
}

impl Filter {
    /// The query of the table's URL without the page; ends in `?` or `&`.
    pub(crate) fn query(&self) -> String {
        let mut query = String::from("?");
        for (key, value) in [("q", &self.q), ("status", &self.status)] {
            if !value.is_empty() {
                query.extend([key, "=", &encode(value), "&"]);
            }
        }
        query
    }
}

impl Area for Admin {
    type Route = Route;

    fn route(location: &Location) -> Route {
        match location.segments().iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["admin"] => Route::Home,
            ["admin", "posts"] => Route::Posts(Filter {
                q: location.query_value("q").unwrap_or_default(),
                status: location.query_value("status").unwrap_or_default(),
                page: location.page_number(),
            }),
            ["admin", "posts", "new"] => Route::Edit(None),
            ["admin", "posts", "edit", slug] => Route::Edit(Some((*slug).to_owned())),
            _ => Route::Unknown,
        }
    }

    fn read(route: &Route) -> Option<String> {
        match route {
            Route::Home => Some("/bff/pages/admin".to_owned()),
            Route::Posts(filter) => {
                Some(["/bff/pages/admin/posts", &filter.query(), "page=", &filter.page.to_string()].concat())
            }
            Route::Edit(None) => Some("/bff/pages/admin/posts/new".to_owned()),
            Route::Edit(Some(slug)) => Some("/bff/pages/admin/posts/edit/".to_owned() + &encode(slug)),
            Route::Unknown => None,
        }
    }

    fn view(route: Route) -> impl IntoView + 'static {
        let read = Self::read(&route);
        match route {
            Route::Home => EitherOf4::A(pages::home::page(read)),
            Route::Posts(filter) => EitherOf4::B(pages::posts::page(read, filter)),
            Route::Edit(_) => EitherOf4::C(pages::edit::page(read)),
            Route::Unknown => EitherOf4::D(pages::unknown::page()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_pages() {
        let route = |url| Admin::route(&Location::parse(url));
        assert_eq!(route("/admin/"), Route::Home);
        assert_eq!(route("/admin/posts/new"), Route::Edit(None));
        assert_eq!(route("/admin/posts/edit/%EB%A7%88"), Route::Edit(Some("마".to_owned())));
        assert_eq!(route("/admin/posts/other"), Route::Unknown);
    }

    #[test]
    fn the_table_reads_what_is_asked_for() {
        let route = Admin::route(&Location::parse("/admin/posts?q=a+b&status=DRAFT&page=2"));
        assert_eq!(Admin::read(&route).as_deref(), Some("/bff/pages/admin/posts?q=a%20b&status=DRAFT&page=2"));
    }
}
