//! What the shell shows, as signals.

use contracts::module::{Flash, NavItem, Viewer};
use leptos::prelude::*;

/// What stands in the outlet's place when no area does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// The shell answers: 404, 403, 500, 503.
    Status(u16),
    /// The area of this name failed, which only browsers see.
    #[cfg_attr(not(feature = "client"), expect(dead_code, reason = "areas fail in browsers only"))]
    Broken(String),
}

/// What the document was served with and what does not change.
#[derive(Clone, Debug, Default)]
pub(crate) struct Served {
    /// Path and query, to come back to.
    pub(crate) here: String,
    /// The area in the outlet.
    pub(crate) area: Option<String>,
    /// A message to show once.
    pub(crate) flash: Option<Flash>,
}

/// The shell's state.
#[derive(Clone, Copy)]
pub(crate) struct Shell {
    pub(crate) served: StoredValue<Served>,
    /// Path of the page.
    pub(crate) path: RwSignal<String>,
    /// Who looks at it.
    pub(crate) viewer: RwSignal<Option<Viewer>>,
    /// Where they can go.
    pub(crate) nav: RwSignal<Vec<NavItem>>,
    /// What is shown instead of an area.
    pub(crate) notice: RwSignal<Option<Notice>>,
}

impl Shell {
    /// `status` is the shell's own answer, when no area answers.
    pub(crate) fn new(path: String, served: Served, viewer: Option<Viewer>, nav: Vec<NavItem>, status: u16) -> Self {
        let notice = (served.area.is_none() && status >= 400).then_some(Notice::Status(status));
        Self {
            served: StoredValue::new(served),
            path: RwSignal::new(path),
            viewer: RwSignal::new(viewer),
            nav: RwSignal::new(nav),
            notice: RwSignal::new(notice),
        }
    }
}

impl Shell {
    /// The navigation entries of one place, as items of a list.
    pub(crate) fn links(self, place: &str) -> impl IntoView + use<> {
        let nav = self.nav.get();
        let current = current_target(&nav, &self.path.get());
        nav.into_iter()
            .filter(|item| item.place == place)
            .map(|item| {
                let here = (current.as_deref() == Some(&item.href)).then_some("page");
                view! { <li><a href=item.href aria-current=here>{item.label}</a></li> }
            })
            .collect::<Vec<_>>()
    }
}

/// Path and query as one.
pub(crate) fn full_path(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { [path, "?", query].concat() }
}

/// Which of the navigation's targets the path belongs to: the longest that covers it on whole segments.
pub(crate) fn current_target(nav: &[NavItem], path: &str) -> Option<String> {
    let covers =
        |href: &str| path == href || (href != "/" && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')));
    nav.iter().map(|item| &item.href).filter(|href| covers(href)).max_by_key(|href| href.len()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_target_is_current() {
        let nav = ["/", "/posts", "/admin"].map(|href| NavItem { href: href.to_owned(), ..NavItem::default() });
        let current = |path| current_target(&nav, path);
        assert_eq!(current("/").as_deref(), Some("/"));
        assert_eq!(current("/posts/hello").as_deref(), Some("/posts"));
        assert_eq!(current("/admin/posts").as_deref(), Some("/admin"));
        assert_eq!(current("/postscript"), None);
    }
}
