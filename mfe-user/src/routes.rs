//! Which page a path is, what it reads, what it looks like.

use maud::Markup;
use shared_ui::components::not_found;
use shared_ui::{Area, Location, encode};

use crate::pages;

/// The user area.
pub(crate) struct User;

/// A page of the user area.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Route {
    /// With where to go afterwards.
    Login(String),
    /// With where to go afterwards, and the token of an invitation.
    Register(String, String),
    /// With the one-time token.
    Setup(String),
    Forgot,
    /// With the token of the mail.
    Reset(String),
    /// With the token of the mail.
    Verify(String),
    Settings,
    Bookmarks(u32),
    Comments(u32),
    /// With the address of the page that has the bug.
    BugReport(String),
    /// With the status that is asked for.
    BugReports(String, u32),
    Unknown,
}

impl Area for User {
    type Route = Route;

    fn route(location: &Location) -> Route {
        let value = |key| location.query_value(key).unwrap_or_default();
        let page = location.page_number();
        match location.segments().iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["login"] => Route::Login(value("next")),
            ["register"] => Route::Register(value("next"), value("invitation")),
            ["setup"] => Route::Setup(value("token")),
            ["forgot"] => Route::Forgot,
            ["reset", token] => Route::Reset((*token).to_owned()),
            ["verify", token] => Route::Verify((*token).to_owned()),
            ["my", "settings"] => Route::Settings,
            ["my", "bookmarks"] => Route::Bookmarks(page),
            ["my", "comments"] => Route::Comments(page),
            ["bug-report"] => Route::BugReport(value("from")),
            ["bug-reports"] => Route::BugReports(value("status"), page),
            _ => Route::Unknown,
        }
    }

    fn read(route: &Route) -> Option<String> {
        let paged = |path: &str, page: u32| [path, "page=", &page.to_string()].concat();
        let path = match route {
            Route::Login(_) | Route::Register(..) => "login".to_owned(),
            Route::Setup(token) => "setup?token=".to_owned() + &encode(token),
            Route::Reset(token) => "reset/".to_owned() + &encode(token),
            Route::Verify(token) => "verify/".to_owned() + &encode(token),
            Route::Settings => "my/settings".to_owned(),
            Route::Bookmarks(page) => paged("my/bookmarks?", *page),
            Route::Comments(page) => paged("my/comments?", *page),
            Route::BugReports(status, page) => paged(&["bug-reports?status=", &encode(status), "&"].concat(), *page),
            Route::Forgot | Route::BugReport(_) | Route::Unknown => return None,
        };
        Some("/bff/pages/".to_owned() + &path)
    }

    fn view(route: &Route) -> Markup {
        let read = Self::read(route);
        match route {
            Route::Login(next) => pages::login::page(read, next),
            Route::Register(next, invitation) => pages::register::page(read, next, invitation),
            Route::Setup(token) => pages::setup::page(read, token),
            Route::Forgot => pages::forgot::page(),
            Route::Reset(token) => pages::reset::page(read, token),
            Route::Verify(token) => pages::verify::page(read, token),
            Route::Settings => pages::settings::page(read),
            Route::Bookmarks(_) => pages::bookmarks::page(read),
            Route::Comments(_) => pages::comments::page(read),
            Route::BugReport(from) => pages::bug_report::page(from),
            Route::BugReports(..) => pages::bug_reports::page(read),
            Route::Unknown => not_found(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_pages() {
        let route = |url| User::route(&Location::parse(url));
        assert_eq!(route("/login?next=%2Fadmin"), Route::Login("/admin".to_owned()));
        assert_eq!(route("/setup?token=a%26b"), Route::Setup("a&b".to_owned()));
        assert_eq!(User::read(&route("/setup?token=a%26b")).as_deref(), Some("/bff/pages/setup?token=a%26b"));
        assert_eq!(User::read(&route("/reset/a%2Fb")).as_deref(), Some("/bff/pages/reset/a%2Fb"));
        assert_eq!(route("/my/settings"), Route::Settings);
        assert_eq!(
            User::read(&route("/bug-reports?status=PENDING&page=2")).as_deref(),
            Some("/bff/pages/bug-reports?status=PENDING&page=2")
        );
        assert_eq!(route("/my"), Route::Unknown);
    }
}
