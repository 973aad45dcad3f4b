//! Page data: one call, the same on the server, at hydration and at later moves.

use contracts::module::Head;
use contracts::pages::PageModel;
use contracts::problem::Problem;
use maud::Markup;

use crate::components::{failure, skeleton};

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

/// Shows a page that reads the view-model at `path` (`/bff/pages/…`): in the sandbox through the host, at
/// hydration from the document, later over the network. `head` says what belongs into the document's
/// head, `view` what is on the page. While data is on its way there is a skeleton (the page is drawn again
/// when it has come), and when it cannot be had a page that says why.
pub fn show<T: PageModel>(
    path: Option<String>,
    head: impl FnOnce(&T) -> Head,
    view: impl FnOnce(T) -> Markup,
) -> Markup {
    match read::<T>(&path.unwrap_or_default()) {
        PageState::Loading => skeleton(),
        PageState::Ready(data) => {
            crate::set_head(head(&data));
            view(data)
        }
        PageState::Failed(problem) => failure(&problem),
    }
}

fn read<T: PageModel>(path: &str) -> PageState<T> {
    #[cfg(feature = "server")]
    return crate::server::read(path);
    #[cfg(all(feature = "client", not(feature = "server")))]
    return crate::client::read(path);
    #[cfg(not(any(feature = "server", feature = "client")))]
    return PageState::Failed(Problem::not_found(path));
}
