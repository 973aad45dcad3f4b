//! What an area is.

use leptos::either::Either;
use leptos::prelude::*;

use crate::Location;

/// An area: pages under the paths that its manifest claims.
pub trait Area: 'static {
    /// One page with its parameters.
    type Route: Clone + Send + Sync + 'static;

    /// Which page a location is. Total: an unknown path is a route too, the area's "not found".
    fn route(location: &Location) -> Self::Route;

    /// The view-model that the page reads: `/bff/pages/…`. It is loaded before the page is shown.
    fn read(route: &Self::Route) -> Option<String>;

    /// What the page looks like.
    fn view(route: Self::Route) -> impl IntoView + 'static;
}

/// One visit to a page. Visits are counted, so that coming to the same page again shows it afresh.
#[doc(hidden)]
#[derive(Clone)]
pub struct Visit<R> {
    /// Which page.
    pub route: R,
    /// From 0, which is the page that the document was served with.
    pub number: u32,
}

/// The area's view: the page of the current visit. Same on both sides.
///
/// The two arms are the same page. Changing from one to the other makes Leptos build the new page from
/// nothing, rather than patch the old one into it, which would leave what was typed in the inputs.
#[doc(hidden)]
pub fn root<A: Area>(visit: ArcRwSignal<Visit<A::Route>>) -> impl IntoView {
    move || {
        let Visit { route, number } = visit.get();
        let page = A::view(route);
        if number % 2 == 0 { Either::Left(page) } else { Either::Right(page) }
    }
}
