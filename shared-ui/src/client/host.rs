//! The shell's side, as an area sees it.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use super::json::{decode, property, text};
use crate::request::{self, Here, LeftBehind, Member};

#[wasm_bindgen]
extern "C" {
    /// What the shell offers to an area.
    #[derive(Clone)]
    pub type Host;

    /// Goes to a URL on this site.
    #[wasm_bindgen(method)]
    pub fn navigate(this: &Host, url: &str, replace: bool);

    /// Starts or ends a wait that the visitor should know of.
    #[wasm_bindgen(method)]
    pub fn busy(this: &Host, on: bool);

    /// Says what the page is called.
    #[wasm_bindgen(method)]
    pub fn head(this: &Host, head: &JsValue);

    /// Says which release an answer came from. Resolves when the area may go on; never, when the shell
    /// is going to replace it by a newer version.
    #[wasm_bindgen(method)]
    pub async fn release(this: &Host, id: &str) -> JsValue;

    /// Listens to an event of the shell or of another area.
    #[wasm_bindgen(method)]
    pub fn on(this: &Host, event: &str, listener: &Closure<dyn FnMut()>);

    /// How an area begins.
    pub type Boot;

    /// Whether `root` holds the area's own HTML.
    #[wasm_bindgen(method, getter)]
    pub fn hydrate(this: &Boot) -> bool;

    /// The request, as `contracts::module::RenderRequest`.
    #[wasm_bindgen(method, getter)]
    pub fn request(this: &Boot) -> JsValue;

    /// Puts a page's markup into the element, and wakes what is in it; `same` keeps what has not changed of
    /// the page that is there. Without markup the page is there already.
    #[wasm_bindgen(method)]
    pub fn draw(this: &Boot, element: &HtmlElement, markup: Option<String>, same: bool);
}

thread_local! {
    static HOST: RefCell<Option<Host>> = const { RefCell::new(None) };
}

pub(super) fn set_host(host: Host) {
    HOST.set(Some(host));
}

/// Does something with the shell.
pub(crate) fn host() -> Option<Host> {
    HOST.with_borrow(Clone::clone)
}

/// Tells the shell the title of the page.
pub(crate) fn set_title(title: &str) {
    let Some(host) = host() else { return };
    let head = js_sys::Object::new();
    if js_sys::Reflect::set(&head, &"title".into(), &title.into()).is_ok() {
        host.head(&head);
    }
}

/// Keeps what pages ask for of a request (`contracts::module::RenderRequest`). It is read property by
/// property: the type with all that it holds would have to be linked into every area.
pub fn enter(request: &JsValue) {
    let member = property(request, "viewer").map(|viewer| Member {
        id: text(&viewer, "id"),
        name: text(&viewer, "name"),
        admin: text(&viewer, "role") == "ADMIN",
    });
    request::enter(&text(request, "locale"), Here { site_name: text(request, "site_name"), left: None, member });
}

/// Keeps what a plain form post left behind.
pub(super) fn enter_form(request: &JsValue) {
    request::keep_form(property(request, "form").map(|form| LeftBehind {
        action: text(&form, "action"),
        values: property(&form, "values").map(|values| entries(&values)).unwrap_or_default(),
        errors: property(&form, "errors").and_then(decode).unwrap_or_default(),
        problem: property(&form, "problem").and_then(|problem| problem.as_string()),
    }));
}

fn entries(object: &JsValue) -> Vec<(String, String)> {
    let keys = js_sys::Object::keys(object.unchecked_ref::<js_sys::Object>());
    keys.iter().filter_map(|key| key.as_string()).map(|key| (key.clone(), text(object, &key))).collect()
}
