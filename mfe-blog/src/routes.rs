//! Which page a path is, what it reads, what it looks like.

use maud::Markup;
use shared_ui::components::not_found;
use shared_ui::{Area, Location, encode};

use crate::pages;

/// The blog area.
pub(crate) struct Blog;

/// A page of the blog.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Route {
    Home,
    Posts(List),
    /// With what says which page of its comments: `comments=2`, `comment=<id>`, or nothing.
    Post(String, String),
    /// All categories.
    Categories,
    /// All tags.
    Tags,
    Search(List),
    Notices(u32),
    Notice(String),
    /// A static page.
    Page(String),
    Archive(u32),
    Unknown,
}

/// A page of a list of posts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct List {
    /// Path on the site, and below `/bff/pages`.
    pub(crate) path: String,
    pub(crate) of: ListOf,
    /// What is searched for; only in a search.
    pub(crate) q: String,
    pub(crate) sort: String,
    /// Slug of the category that it is narrowed to.
    pub(crate) category: String,
    /// Slug of the tag that it is narrowed to.
    pub(crate) tag: String,
    pub(crate) page: u32,
}

/// Which posts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum ListOf {
    #[default]
    All,
    Category,
    Tag,
    Author,
}

impl List {
    fn at(path: String, of: ListOf, location: &Location) -> Self {
        let value = |key| location.query_value(key).unwrap_or_default();
        Self {
            path,
            of,
            q: value("q"),
            sort: value("sort"),
            category: value("category"),
            tag: value("tag"),
            page: location.page_number(),
        }
    }

    /// URL of the list without the page; ends in `?` or `&`.
    pub(crate) fn base(&self) -> String {
        let mut url = self.path.clone() + "?";
        for (key, value) in [("q", &self.q), ("sort", &self.sort), ("category", &self.category), ("tag", &self.tag)] {
            if !value.is_empty() {
                url.extend([key, "=", &encode(value), "&"]);
            }
        }
        url
    }

    /// URL of one of its pages.
    pub(crate) fn page_url(&self, page: u32) -> String {
        numbered(&self.base(), "page", page)
    }
}

/// A URL that ends in `?` or `&`, with the number of a page unless it is the first.
fn numbered(base: &str, key: &str, page: u32) -> String {
    if page > 1 { [base, key, "=", &page.to_string()].concat() } else { base.trim_end_matches(['?', '&']).to_owned() }
}

impl Area for Blog {
    type Route = Route;

    fn route(location: &Location) -> Route {
        let segments = location.segments();
        let page = location.page_number();
        let list =
            |of, slug: &str, base: &str| Route::Posts(List::at([base, "/", &encode(slug)].concat(), of, location));
        match segments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            [] => Route::Home,
            ["posts"] => Route::Posts(List::at("/posts".to_owned(), ListOf::All, location)),
            ["posts", slug] => {
                let number = || location.query_value("comments")?.parse::<u32>().ok().filter(|page| *page > 1);
                let comments = match location.query_value("comment") {
                    Some(id) => "comment=".to_owned() + &encode(&id),
                    None => number().map(|page| ["comments=", &page.to_string()].concat()).unwrap_or_default(),
                };
                Route::Post((*slug).to_owned(), comments)
            }
            ["categories"] => Route::Categories,
            ["categories", slug] => list(ListOf::Category, slug, "/categories"),
            ["tags"] => Route::Tags,
            ["tags", slug] => list(ListOf::Tag, slug, "/tags"),
            ["authors", id] => list(ListOf::Author, id, "/authors"),
            ["search"] => Route::Search(List::at("/search".to_owned(), ListOf::All, location)),
            ["notices"] => Route::Notices(page),
            ["notices", slug] => Route::Notice((*slug).to_owned()),
            ["pages", slug] => Route::Page((*slug).to_owned()),
            ["archive"] => Route::Archive(page),
            _ => Route::Unknown,
        }
    }

    fn read(route: &Route) -> Option<String> {
        let path = match route {
            Route::Home => "/home".to_owned(),
            Route::Posts(list) | Route::Search(list) => list.page_url(list.page),
            Route::Post(slug, comments) => {
                ["/post/", &encode(slug), if comments.is_empty() { "" } else { "?" }, comments].concat()
            }
            Route::Categories => "/categories".to_owned(),
            Route::Tags => "/tags".to_owned(),
            Route::Notices(page) => numbered("/notices?", "page", *page),
            Route::Notice(slug) => "/notices/".to_owned() + &encode(slug),
            Route::Page(slug) => "/pages/".to_owned() + &encode(slug),
            Route::Archive(page) => numbered("/archive?", "page", *page),
            Route::Unknown => return None,
        };
        Some("/bff/pages".to_owned() + &path)
    }

    fn view(route: &Route) -> Markup {
        let read = Self::read(route);
        match route {
            Route::Home => pages::home::page(read),
            Route::Posts(list) => pages::list::page(read, list),
            Route::Post(slug, _) => pages::post::page(read, slug),
            Route::Categories => pages::terms::page(read, true),
            Route::Tags => pages::terms::page(read, false),
            Route::Search(list) => pages::search::page(read, list),
            Route::Notices(_) => pages::notices::page(read),
            Route::Notice(slug) | Route::Page(slug) => pages::text_page::page(read, slug),
            Route::Archive(_) => pages::archive::page(read),
            Route::Unknown => not_found(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(url: &str) -> Route {
        Blog::route(&Location::parse(url))
    }

    fn read(url: &str) -> Option<String> {
        Blog::read(&route(url))
    }

    #[test]
    fn paths_are_pages() {
        assert_eq!(route("/"), Route::Home);
        assert_eq!(route("/posts/%EB%A7%88%EB%A3%A8"), Route::Post("마루".to_owned(), String::new()));
        assert_eq!(route("/posts/a/b"), Route::Unknown);
        assert_eq!(route("/tags/"), Route::Tags);
        assert_eq!(route("/notices/%EA%B3%B5%EC%A7%80"), Route::Notice("공지".to_owned()));
        assert_eq!(route("/pages/about"), Route::Page("about".to_owned()));
        assert_eq!(route("/archive?page=x"), Route::Archive(1));
    }

    #[test]
    fn what_is_read_is_encoded() {
        assert_eq!(read("/posts/a%2Fb").as_deref(), Some("/bff/pages/post/a%2Fb"));
        assert_eq!(read("/posts/a?comments=3").as_deref(), Some("/bff/pages/post/a?comments=3"));
        assert_eq!(read("/posts/a?comments=1").as_deref(), Some("/bff/pages/post/a"));
        assert_eq!(read("/posts/a?comment=0-1%262").as_deref(), Some("/bff/pages/post/a?comment=0-1%262"));
        assert_eq!(read("/tags/c%2B%2B?page=3").as_deref(), Some("/bff/pages/tags/c%2B%2B?page=3"));
        assert_eq!(read("/posts/a/b"), None);
    }

    #[test]
    fn a_list_keeps_what_narrows_it() {
        assert_eq!(
            read("/search?q=a+b&tag=c%2B%2B&page=2").as_deref(),
            Some("/bff/pages/search?q=a%20b&tag=c%2B%2B&page=2")
        );
        assert_eq!(read("/posts?sort=liked&other=1").as_deref(), Some("/bff/pages/posts?sort=liked"));
        assert_eq!(read("/authors/0-1").as_deref(), Some("/bff/pages/authors/0-1"));
    }
}
