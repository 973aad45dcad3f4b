//! Which page a path is, what it reads, what it looks like.

use maud::Markup;
use shared_ui::components::{not_found, page_href};
use shared_ui::{Area, Location, encode};

use crate::pages;
use crate::pages::management::Part;

/// The admin area.
pub(crate) struct Admin;

/// A page of the admin area.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Route {
    Home,
    /// A list: which, and what narrows it.
    List(List, Filter),
    NewPost,
    EditPost(String),
    /// With the two states that are compared.
    Revisions(String, Filter),
    Draft(String),
    Terms(Taxonomy),
    NewPage,
    EditPage(String),
    Analytics(Filter),
    Management(Option<Part>, u32),
    Unknown,
}

/// A list with pages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum List {
    Posts,
    Drafts,
    Comments,
    Users,
    Pages,
    Images,
}

/// Categories or tags.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Taxonomy {
    Categories,
    Tags,
}

impl Taxonomy {
    /// As it stands in paths.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Categories => "categories",
            Self::Tags => "tags",
        }
    }
}

impl List {
    /// As it stands in paths.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Posts => "/admin/posts",
            Self::Drafts => "/admin/drafts",
            Self::Comments => "/admin/comments",
            Self::Users => "/admin/users",
            Self::Pages => "/admin/pages",
            Self::Images => "/admin/images",
        }
    }

    /// What narrows it.
    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Posts => &["q", "status", "category", "sort"],
            Self::Drafts => &[],
            Self::Comments => &["status", "q"],
            Self::Users => &["q", "role", "status"],
            Self::Pages => &["kind", "status"],
            Self::Images => &["orphans"],
        }
    }
}

/// What narrows a list: keys with values, and the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Filter {
    values: Vec<(&'static str, String)>,
    page: u32,
}

impl Filter {
    fn of(location: &Location, keys: &'static [&'static str]) -> Self {
        let value =
            |key: &&'static str| location.query_value(key).filter(|value| !value.is_empty()).map(|value| (*key, value));
        Self { values: keys.iter().filter_map(value).collect(), page: location.page_number() }
    }

    /// The query without the page; ends in `?` or `&`.
    pub(crate) fn query(&self) -> String {
        let mut query = String::from("?");
        for (key, value) in &self.values {
            query.extend([key, "=", &encode(value), "&"]);
        }
        query
    }

    /// URL of the list as it is shown: where its buttons lead back to.
    pub(crate) fn url(&self, list: List) -> String {
        page_href(&[list.path(), &self.query()].concat(), self.page)
    }

    fn whole(&self) -> String {
        [&self.query(), "page=", &self.page.to_string()].concat()
    }
}

impl Area for Admin {
    type Route = Route;

    fn route(location: &Location) -> Route {
        let segments = location.segments();
        let list = |list: List| Route::List(list, Filter::of(location, list.keys()));
        let part = |part| Route::Management(Some(part), location.page_number());
        match segments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["admin"] => Route::Home,
            ["admin", "posts"] => list(List::Posts),
            ["admin", "posts", "new"] => Route::NewPost,
            ["admin", "posts", "edit", slug] => Route::EditPost((*slug).to_owned()),
            ["admin", "posts", "revisions", slug] => {
                Route::Revisions((*slug).to_owned(), Filter::of(location, &["from", "to"]))
            }
            ["admin", "drafts"] => list(List::Drafts),
            ["admin", "drafts", id] => Route::Draft((*id).to_owned()),
            ["admin", "categories"] => Route::Terms(Taxonomy::Categories),
            ["admin", "tags"] => Route::Terms(Taxonomy::Tags),
            ["admin", "comments"] => list(List::Comments),
            ["admin", "users"] => list(List::Users),
            ["admin", "pages"] => list(List::Pages),
            ["admin", "pages", "new"] => Route::NewPage,
            ["admin", "pages", "edit", id] => Route::EditPage((*id).to_owned()),
            ["admin", "images"] => list(List::Images),
            ["admin", "analytics"] => Route::Analytics(Filter::of(location, &["from", "to"])),
            ["admin", "management"] => Route::Management(None, 1),
            ["admin", "backups"] => part(Part::Backups),
            ["admin", "dead-letters"] => part(Part::DeadLetters),
            ["admin", "audit"] => part(Part::Audit),
            ["admin", "settings"] => part(Part::Settings),
            _ => Route::Unknown,
        }
    }

    fn read(route: &Route) -> Option<String> {
        let path = match route {
            Route::Home => "/admin".to_owned(),
            Route::List(list, filter) => list.path().to_owned() + &filter.whole(),
            Route::NewPost => "/admin/posts/new".to_owned(),
            Route::EditPost(slug) => "/admin/posts/edit/".to_owned() + &encode(slug),
            Route::Revisions(slug, filter) => {
                ["/admin/posts/revisions/", &encode(slug), filter.query().trim_end_matches(['?', '&'])].concat()
            }
            Route::Draft(id) => "/admin/drafts/".to_owned() + &encode(id),
            Route::Terms(taxonomy) => "/admin/".to_owned() + taxonomy.path(),
            Route::NewPage => "/admin/pages/new".to_owned(),
            Route::EditPage(id) => "/admin/pages/edit/".to_owned() + &encode(id),
            Route::Analytics(filter) => ["/admin/analytics", filter.query().trim_end_matches(['?', '&'])].concat(),
            Route::Management(None, _) => "/admin/management".to_owned(),
            Route::Management(Some(part), page) => [part.path(), "?page=", &page.to_string()].concat(),
            Route::Unknown => return None,
        };
        Some("/bff/pages".to_owned() + &path)
    }

    fn view(route: &Route) -> Markup {
        let read = Self::read(route);
        match route {
            Route::Home => pages::home::page(read),
            Route::List(List::Posts, filter) => pages::posts::page(read, filter),
            Route::List(List::Drafts, filter) => pages::drafts::page(read, filter),
            Route::List(List::Comments, filter) => pages::comments::page(read, filter),
            Route::List(List::Users, filter) => pages::users::page(read, filter),
            Route::List(List::Pages, filter) => pages::texts::page(read, filter),
            Route::List(List::Images, filter) => pages::images::page(read, filter),
            Route::NewPost | Route::EditPost(_) => pages::edit::page(read, false),
            Route::Draft(_) => pages::edit::page(read, true),
            Route::Revisions(..) => pages::revisions::page(read),
            Route::Terms(taxonomy) => pages::terms::page(read, *taxonomy),
            Route::NewPage | Route::EditPage(_) => pages::text_edit::page(read),
            Route::Analytics(_) => pages::analytics::page(read),
            Route::Management(part, _) => pages::management::page(read, *part),
            Route::Unknown => not_found(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(url: &str) -> Route {
        Admin::route(&Location::parse(url))
    }

    fn read(url: &str) -> Option<String> {
        Admin::read(&route(url))
    }

    #[test]
    fn paths_are_pages() {
        assert_eq!(route("/admin/"), Route::Home);
        assert_eq!(route("/admin/posts/new"), Route::NewPost);
        assert_eq!(route("/admin/posts/edit/%EB%A7%88"), Route::EditPost("마".to_owned()));
        assert_eq!(route("/admin/tags"), Route::Terms(Taxonomy::Tags));
        assert_eq!(route("/admin/audit?page=2"), Route::Management(Some(Part::Audit), 2));
        assert_eq!(route("/admin/posts/other"), Route::Unknown);
    }

    #[test]
    fn a_list_reads_what_is_asked_for_and_nothing_else() {
        assert_eq!(
            read("/admin/posts?q=a+b&status=DRAFT&page=2&other=1").as_deref(),
            Some("/bff/pages/admin/posts?q=a%20b&status=DRAFT&page=2")
        );
        let url = |url: &str| match route(url) {
            Route::List(list, filter) => filter.url(list),
            other => panic!("no list: {other:?}"),
        };
        assert_eq!(url("/admin/users?q=a+b&page=3&other=1"), "/admin/users?q=a%20b&page=3");
        assert_eq!(url("/admin/drafts?page=1"), "/admin/drafts");
        assert_eq!(read("/admin/images?orphans=true").as_deref(), Some("/bff/pages/admin/images?orphans=true&page=1"));
        assert_eq!(
            read("/admin/posts/revisions/a%2Fb?from=1&to=2").as_deref(),
            Some("/bff/pages/admin/posts/revisions/a%2Fb?from=1&to=2")
        );
        assert_eq!(read("/admin/analytics").as_deref(), Some("/bff/pages/admin/analytics"));
        assert_eq!(read("/admin/backups").as_deref(), Some("/bff/pages/admin/backups?page=1"));
    }
}
