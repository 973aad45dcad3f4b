//! Which page a path is, what it reads, what it looks like.

use leptos::either::EitherOf5;
use leptos::prelude::*;
use shared_ui::{Area, Location, encode};

use crate::pages;

/// The user area.
pub(crate) struct User;

/// A page of the user area.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Route {
    /// With where to go afterwards.
    Login(String),
    /// With where to go afterwards.
    Register(String),
    /// With the one-time token.
    Setup(String),
    Settings,
    Unknown,
}

impl Area for User {
    type Route = Route;

    fn route(location: &Location) -> Route {
        let value = |key| location.query_value(key).unwrap_or_default();
        match location.segments().iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["login"] => Route::Login(value("next")),
            ["register"] => Route::Register(value("next")),
            ["setup"] => Route::Setup(value("token")),
            ["my", "settings"] => Route::Settings,
            _ => Route::Unknown,
        }
    }

    fn read(route: &Route) -> Option<String> {
        match route {
            Route::Setup(token) => Some("/bff/pages/setup?token=".to_owned() + &encode(token)),
            Route::Settings => Some("/bff/pages/my/settings".to_owned()),
            Route::Login(_) | Route::Register(_) | Route::Unknown => None,
        }
    }

    fn view(route: Route) -> impl IntoView + 'static {
        let read = Self::read(&route);
        match route {
            Route::Login(next) => EitherOf5::A(pages::login::page(next)),
            Route::Register(next) => EitherOf5::B(pages::register::page(next)),
            Route::Setup(token) => EitherOf5::C(pages::setup::page(read, token)),
            Route::Settings => EitherOf5::D(pages::settings::page(read)),
            Route::Unknown => EitherOf5::E(pages::unknown::page()),
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
        assert_eq!(route("/my/settings"), Route::Settings);
        assert_eq!(route("/my"), Route::Unknown);
    }
}
