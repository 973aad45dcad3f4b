//! The request that this page answers: where it is, in which language, what a form left behind.

use std::cell::{Cell, RefCell};

use contracts::module::{CachePolicy, Head};
use contracts::problem::FieldError;

thread_local! {
    static HERE: RefCell<Here> = RefCell::default();
    static LOCALE: Cell<Locale> = const { Cell::new(Locale::En) };
}

/// What any component may ask about the page it is on. In the browser it is the one that the module was
/// mounted with.
#[derive(Clone, Debug, Default)]
pub struct Here {
    /// Name of the site.
    pub site_name: String,
    /// What a plain form post left behind.
    pub(crate) left: Option<LeftBehind>,
    /// Who looks at it; none for a guest.
    pub(crate) member: Option<Member>,
}

/// The signed-in visitor, as far as pages ask.
#[derive(Clone, Debug, Default)]
pub struct Member {
    /// User id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Whether they may do everything.
    pub admin: bool,
}

/// What was typed into a form that could not be accepted, and why.
#[derive(Clone, Debug, Default)]
pub(crate) struct LeftBehind {
    pub(crate) action: String,
    pub(crate) values: Vec<(String, String)>,
    pub(crate) errors: Vec<FieldError>,
    pub(crate) problem: Option<String>,
}

impl LeftBehind {
    /// What was typed into a field.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(of, _)| of == name).map(|(_, typed)| typed.as_str())
    }
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

/// Name of the site.
pub fn site_name() -> String {
    HERE.with_borrow(|here| here.site_name.clone())
}

/// Who looks at the page; none for a guest.
pub fn member() -> Option<Member> {
    HERE.with_borrow(|here| here.member.clone())
}

/// Keeps what pages ask for. The glue of each half calls this once.
pub(crate) fn enter(locale: &str, here: Here) {
    LOCALE.set(if locale == "ko" { Locale::Ko } else { Locale::En });
    HERE.set(here);
}

/// What a plain post to this action left behind, if this page is shown again because of it.
pub(crate) fn left_behind(action: &str) -> Option<LeftBehind> {
    HERE.with_borrow(|here| here.left.clone().filter(|left| crate::decode(&left.action) == crate::decode(action)))
}

/// What a plain post to any action below `under` left behind.
pub(crate) fn left_under(under: &str) -> Option<LeftBehind> {
    HERE.with_borrow(|here| here.left.clone().filter(|left| left.action.starts_with(under)))
}

/// Keeps what a form post left behind, or forgets it: it belongs to the page it was served with.
#[cfg(feature = "client")]
pub(crate) fn keep_form(left: Option<LeftBehind>) {
    HERE.with_borrow_mut(|here| here.left = left);
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
