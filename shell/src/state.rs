//! What the shell shows, as signals.

use contracts::module::{NavItem, RenderRequest, Viewer};
use leptos::prelude::*;

/// What stands in the outlet's place when no area does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// The shell answers: 404, 403, 500, 503.
    Status(u16),
    /// The area of this name failed in the browser.
    Broken(String),
}

/// The shell's state.
#[derive(Clone, Copy)]
pub(crate) struct Shell {
    /// What the document was served for.
    pub(crate) request: StoredValue<RenderRequest>,
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
    pub(crate) fn new(request: &RenderRequest) -> Self {
        let context = request.shell.clone().unwrap_or_default();
        let status = Some(context.status).filter(|status| context.area.is_none() && *status >= 400);
        Self {
            request: StoredValue::new(request.clone()),
            path: RwSignal::new(request.path.clone()),
            viewer: RwSignal::new(request.viewer.clone()),
            nav: RwSignal::new(context.nav),
            notice: RwSignal::new(status.map(Notice::Status)),
        }
    }
}

/// Which of the navigation's targets the path belongs to: the longest that covers it on whole segments.
pub(crate) fn current_target(nav: &[NavItem], path: &str) -> Option<String> {
    let covers = |href: &str| path == href || (href != "/" && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')));
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
