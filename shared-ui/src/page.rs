//! Page data: one call, the same on the server, at hydration and at later moves.

use contracts::module::Head;
use contracts::pages::PageModel;
use contracts::problem::Problem;
use leptos::either::EitherOf3;
use leptos::prelude::*;

use crate::components::{Failure, Skeleton};

/// The data of a page.
#[derive(Clone, Debug)]
pub enum PageState<T> {
    /// On its way; only in the browser.
    Loading,
    /// There.
    Ready(T),
    /// It could not be had.
    Failed(Problem),
}

/// The data of a page as a signal.
pub struct Page<T: Send + Sync + 'static> {
    state: RwSignal<PageState<T>>,
}

impl<T: Send + Sync + 'static> Clone for Page<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Page<T> {}

/// Reads the view-model at `path` (`/bff/pages/…`): in the sandbox through the host, at hydration from
/// the document, later over the network.
pub fn use_page<T: PageModel + Send + Sync>(path: Option<String>) -> Page<T> {
    let path = path.unwrap_or_default();
    #[cfg(feature = "server")]
    return Page { state: RwSignal::new(crate::server::read(&path)) };
    #[cfg(feature = "client")]
    return Page { state: crate::client::read(&path) };
    #[cfg(not(any(feature = "server", feature = "client")))]
    return Page { state: RwSignal::new(PageState::Failed(Problem::not_found(&path))) };
}

impl<T: PageModel + Send + Sync> Page<T> {
    /// Shows the page: `head` says what belongs into the document's head, `ready` what is on the page.
    /// While data is on its way there is a skeleton, and when it cannot be had a view that says why.
    pub fn show<V: IntoView + 'static>(
        self,
        head: impl Fn(&T) -> Head + Send + 'static,
        ready: impl Fn(T) -> V + Send + 'static,
    ) -> impl IntoView {
        move || match self.state.get() {
            PageState::Loading => EitherOf3::A(view! { <Skeleton/> }),
            PageState::Ready(data) => {
                crate::set_head(head(&data));
                EitherOf3::B(ready(data))
            }
            PageState::Failed(problem) => EitherOf3::C(view! { <Failure problem/> }),
        }
    }
}
