//! The request that this page answers: who asks, in which language, what a form left behind.

use std::cell::{Cell, RefCell};

use contracts::module::{CachePolicy, FormState, Head, RenderRequest};

thread_local! {
    static REQUEST: RefCell<RenderRequest> = RefCell::default();
    static LOCALE: Cell<Locale> = const { Cell::new(Locale::En) };
}

/// A language that Maru speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locale {
    /// Korean.
    Ko,
    /// English.
    En,
}

/// The visitor's language.
pub fn locale() -> Locale {
    LOCALE.get()
}

/// Keeps the request for the pages to look at. The glue of each half calls this once.
pub fn enter(request: RenderRequest) {
    LOCALE.set(if request.locale == "ko" { Locale::Ko } else { Locale::En });
    REQUEST.replace(request);
}

/// Looks at the request. In the browser it is the one that the document was served for.
pub fn with<R>(look: impl FnOnce(&RenderRequest) -> R) -> R {
    REQUEST.with_borrow(look)
}

/// What a plain post of this form left behind, if this page is shown again because of it.
pub fn form_state(form: &str) -> Option<FormState> {
    with(|request| request.form.clone()).filter(|state| crate::decode(&state.form) == form)
}

/// Forgets what a form post left behind: it belongs to the page it was served with.
pub fn forget_form() {
    REQUEST.with_borrow_mut(|request| request.form = None);
}

/// Says what belongs into the document's head. In the browser only the title follows a move: what else
/// is in a head is read by programs, which ask the server.
pub fn set_head(head: Head) {
    #[cfg(feature = "server")]
    crate::server::set_head(head);
    #[cfg(feature = "client")]
    crate::client::set_title(&head.title);
    #[cfg(not(any(feature = "server", feature = "client")))]
    drop(head);
}

/// Lets shared caches keep this page for guests, until an event purges one of its tags.
pub fn set_cache(max_age: u32, stale_while_revalidate: u32, tags: &[&str]) {
    #[cfg(feature = "server")]
    crate::server::set_cache(CachePolicy {
        public: true,
        max_age,
        stale_while_revalidate,
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
    });
    #[cfg(not(feature = "server"))]
    let _ = (max_age, stale_while_revalidate, tags, CachePolicy::default);
}
