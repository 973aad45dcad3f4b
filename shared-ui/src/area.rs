//! What an area is.

use leptos::prelude::*;
use maud::Markup;

use crate::Location;

/// An area: pages under the paths that its manifest claims.
pub trait Area: 'static {
    /// One page with its parameters.
    type Route: Clone + PartialEq + Send + Sync + 'static;

    /// Which page a location is. Total: an unknown path is a route too, the area's "not found".
    fn route(location: &Location) -> Self::Route;

    /// The view-model that the page reads: `/bff/pages/…`. It is loaded before the page is shown.
    fn read(route: &Self::Route) -> Option<String>;

    /// What the page looks like.
    fn view(route: &Self::Route) -> Markup;
}

/// The element that holds a page of an area. Same on both sides; what is in it is drawn as markup, so that
/// a page costs its words and nothing else (`docs/adr/0007`).
#[doc(hidden)]
pub fn root(page: Markup) -> impl IntoView {
    view! { <div class="page" inner_html=page.into_string()></div> }
}
