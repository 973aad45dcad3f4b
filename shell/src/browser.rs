//! The browser half in Rust: hydrates the layout, and is told by the script half what to show.

use std::cell::RefCell;

use contracts::module::{Flash, NavItem, Viewer};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use shared_ui::client::{decode, property, text};
use wasm_bindgen::prelude::*;

use crate::layout::Layout;
use crate::state::{Notice, Served, Shell, full_path};
use crate::text::flash_text;

#[wasm_bindgen]
extern "C" {
    /// The script half, as far as the layout calls it.
    pub type Loader;

    /// The visitor is at another location now: path and query.
    #[wasm_bindgen(method)]
    fn moved(this: &Loader, url: &str);
}

type Navigate = Box<dyn Fn(&str, NavigateOptions)>;

/// What the exports below need. There is one shell on a page.
struct Running {
    shell: Shell,
    navigate: Navigate,
}

thread_local! {
    static LOADER: RefCell<Option<Loader>> = const { RefCell::new(None) };
    static RUNNING: RefCell<Option<Running>> = const { RefCell::new(None) };
}

/// Hydrates the layout with the request that it was rendered for.
#[wasm_bindgen]
pub fn shell_start(request: JsValue, loader: Loader) {
    shared_ui::client::enter(&request);
    LOADER.set(Some(loader));
    leptos::mount::hydrate_body(move || {
        provide_context(state(&request));
        view! { <Layout/> }
    });
}

/// From a `contracts::module::RenderRequest`, as far as the layout shows it.
fn state(request: &JsValue) -> Shell {
    let path = text(request, "path");
    let (viewer, nav) = visitor(request);
    let context = property(request, "shell").unwrap_or_default();
    let served = Served {
        here: full_path(&path, &text(request, "query")),
        area: property(&context, "area").and_then(|area| area.as_string()),
        flash: property(request, "flash")
            .map(|flash| Flash { level: text(&flash, "level"), code: text(&flash, "code") }),
    };
    let status = property(&context, "status").and_then(|status| status.as_f64()).unwrap_or_default();
    Shell::new(path, served, viewer, nav, status as u16)
}

fn visitor(request: &JsValue) -> (Option<Viewer>, Vec<NavItem>) {
    let nav = property(request, "shell").and_then(|context| property(&context, "nav"));
    (property(request, "viewer").and_then(decode), nav.and_then(decode).unwrap_or_default())
}

/// Changes the location. History and address bar follow at once; the page when it is ready.
#[wasm_bindgen]
pub fn shell_navigate(url: &str, replace: bool) {
    RUNNING.with_borrow(|running| {
        if let Some(running) = running {
            let options = NavigateOptions { replace, resolve: false, scroll: false, ..NavigateOptions::default() };
            (running.navigate)(url, options);
        }
    });
}

/// Takes another visitor and their navigation.
#[wasm_bindgen]
pub fn shell_viewer(request: JsValue) {
    let (viewer, nav) = visitor(&request);
    with_shell(|shell| {
        shell.nav.set(nav);
        shell.viewer.set(viewer);
    });
}

/// Shows a page of the shell's own in place of an area, or nothing of the kind with status 0.
#[wasm_bindgen]
pub fn shell_notice(status: u16, broken: Option<String>) {
    let notice = broken.map(Notice::Broken).or_else(|| (status > 0).then_some(Notice::Status(status)));
    with_shell(|shell| {
        if shell.notice.with_untracked(|shown| *shown != notice) {
            shell.notice.set(notice);
        }
    });
}

/// The text of a message, by its code.
#[wasm_bindgen]
pub fn shell_text(code: &str) -> String {
    flash_text(code).to_owned()
}

fn with_shell(change: impl FnOnce(Shell)) {
    if let Some(shell) = RUNNING.with_borrow(|running| running.as_ref().map(|running| running.shell)) {
        change(shell);
    }
}

/// Follows the router: whatever changes the location, the script half hears of it.
pub(crate) fn follow_router(shell: Shell) {
    let navigate = use_navigate();
    RUNNING.set(Some(Running { shell, navigate: Box::new(navigate) }));
    let location = use_location();
    Effect::new(move |before: Option<String>| {
        let path = location.pathname.get();
        let query = location.search.get();
        let url = full_path(&path, &query);
        // The first run is the page that the document was served with.
        if before.is_some_and(|before| before != url) {
            shell.path.set(path);
            LOADER.with_borrow(|loader| loader.iter().for_each(|loader| loader.moved(&url)));
        }
        url
    });
}
