//! Which page a path is, what it reads, what it looks like.

use leptos::either::EitherOf4;
use leptos::prelude::*;
use shared_ui::{Area, Location, encode};

use crate::pages;

/// The blog area.
pub(crate) struct Blog;

/// A page of the blog.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Route {
    Home,
    Posts(List),
    Post(String),
    Unknown,
}

/// A page of a list of posts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct List {
    pub(crate) of: ListOf,
    pub(crate) page: u32,
}

/// Which posts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ListOf {
    All,
    Category(String),
    Tag(String),
}

impl List {
    /// Path of the list, on the site and below `/bff/pages`.
    pub(crate) fn path(&self) -> String {
        match &self.of {
            ListOf::All => "/posts".to_owned(),
            ListOf::Category(slug) => "/categories/".to_owned() + &encode(slug),
            ListOf::Tag(slug) => "/tags/".to_owned() + &encode(slug),
        }
    }

    /// URL of one of its pages.
    pub(crate) fn page_url(&self, page: u32) -> String {
        let path = self.path();
        if page > 1 { [&path, "?page=", &page.to_string()].concat() } else { path }
    }
}

impl Area for Blog {
    type Route = Route;

    fn route(location: &Location) -> Route {
        let segments = location.segments();
        let list = |of| Route::Posts(List { of, page: location.page_number() });
        match segments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            [] => Route::Home,
            ["posts"] => list(ListOf::All),
            ["posts", slug] => Route::Post((*slug).to_owned()),
            ["categories", slug] => list(ListOf::Category((*slug).to_owned())),
            ["tags", slug] => list(ListOf::Tag((*slug).to_owned())),
            _ => Route::Unknown,
        }
    }

    fn read(route: &Route) -> Option<String> {
        match route {
            Route::Home => Some("/bff/pages/home".to_owned()),
            Route::Posts(list) => Some("/bff/pages".to_owned() + &list.page_url(list.page)),
            Route::Post(slug) => Some("/bff/pages/post/".to_owned() + &encode(slug)),
            Route::Unknown => None,
        }
    }

    fn view(route: Route) -> impl IntoView + 'static {
        let read = Self::read(&route);
        match route {
            Route::Home => EitherOf4::A(pages::home::page(read)),
            Route::Posts(list) => EitherOf4::B(pages::list::page(read, list)),
            Route::Post(slug) => EitherOf4::C(pages::post::page(read, slug)),
            Route::Unknown => EitherOf4::D(pages::unknown::page()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(url: &str) -> Route {
        Blog::route(&Location::parse(url))
    }

    #[test]
    fn paths_are_pages() {
        assert_eq!(route("/"), Route::Home);
        assert_eq!(route("/posts?page=2"), Route::Posts(List { of: ListOf::All, page: 2 }));
        assert_eq!(route("/posts/%EB%A7%88%EB%A3%A8"), Route::Post("마루".to_owned()));
        assert_eq!(route("/tags/rust/"), Route::Posts(List { of: ListOf::Tag("rust".to_owned()), page: 1 }));
        assert_eq!(route("/posts/a/b"), Route::Unknown);
    }

    #[test]
    fn what_is_read_is_encoded() {
        assert_eq!(Blog::read(&route("/posts/a%2Fb")).as_deref(), Some("/bff/pages/post/a%2Fb"));
        assert_eq!(Blog::read(&route("/tags/c%2B%2B?page=3")).as_deref(), Some("/bff/pages/tags/c%2B%2B?page=3"));
        assert_eq!(Blog::read(&route("/posts/a/b")), None);
    }
}
