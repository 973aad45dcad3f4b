//! The server half: renders a request inside the sandbox.

use std::cell::RefCell;

use contracts::module::{CachePolicy, Head, RenderRequest, RenderingMeta, Role};
use contracts::pages::PageModel;
use contracts::problem::Problem;
use leptos::prelude::*;

use crate::request::{self, Here, LeftBehind};
use crate::{Area, Location, Member, PageState, encode, root};

/// What wit-bindgen makes of the world.
#[expect(missing_docs, reason = "generated")]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../contracts/wit",
        world: "module",
        pub_export_macro: true,
        export_macro_name: "export_component",
        default_bindings_module: "shared_ui::server::bindings",
    });
}
pub use bindings::export_component;

thread_local! {
    static META: RefCell<RenderingMeta> = RefCell::default();
    /// Where a visitor is sent who has to sign in first.
    static SIGN_IN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Renders an area's page.
pub fn render<A: Area>(request: &str) -> bindings::Rendering {
    render_view(request, |request| {
        let location = Location::new(&request.path, &request.query);
        root(A::view(&A::route(&location)))
    })
}

/// Renders any view that answers a request.
pub fn render_view<V: IntoView>(request: &str, view: impl FnOnce(&RenderRequest) -> V) -> bindings::Rendering {
    let request: RenderRequest = match serde_json::from_str(request) {
        Ok(request) => request,
        Err(error) => {
            bindings::log(&format!("unreadable request: {error}"));
            return rendering(RenderingMeta { status: 500, ..RenderingMeta::default() }, String::new());
        }
    };
    META.set(RenderingMeta { status: 200, ..RenderingMeta::default() });
    SIGN_IN.set(sign_in_path(&request.path, &request.query));
    let left = request.form.clone().map(|form| LeftBehind {
        action: form.action,
        values: form.values.into_iter().collect(),
        errors: form.errors,
        problem: form.problem,
    });
    let member = request.viewer.as_ref().map(|viewer| Member {
        id: viewer.id.clone(),
        name: viewer.name.clone(),
        admin: viewer.role == Role::Admin,
    });
    request::enter(&request.locale, Here { site_name: request.site_name.clone(), left, member });
    let owner = Owner::new();
    let html = owner.with(|| view(&request).to_html());
    rendering(META.take(), html)
}

fn rendering(meta: RenderingMeta, html: String) -> bindings::Rendering {
    let meta = serde_json::to_string(&meta).unwrap_or_else(|_| r#"{"status":500}"#.to_owned());
    bindings::Rendering { meta, html, data: Vec::new() }
}

/// Reads page data through the host. The page's HTML is all that the browser gets of it.
pub(crate) fn read<T: PageModel>(path: &str) -> PageState<T> {
    match bindings::get(path) {
        Ok(json) => match serde_json::from_str::<T>(&json) {
            Ok(page) => PageState::Ready(page),
            Err(error) => {
                bindings::log(&format!("{path}: unreadable view-model: {error}"));
                fail(Problem::unavailable())
            }
        },
        Err(problem) => fail(serde_json::from_str(&problem).unwrap_or_else(|_| Problem::unavailable())),
    }
}

/// The answer's status follows the problem's.
fn fail<T>(problem: Problem) -> PageState<T> {
    META.with_borrow_mut(|meta| {
        meta.status = if problem.status < 300 { 503 } else { problem.status };
        meta.location = problem.location.clone();
        if problem.status == 401 {
            meta.status = 303;
            meta.location = Some(SIGN_IN.take());
        }
    });
    PageState::Failed(problem)
}

fn sign_in_path(path: &str, query: &str) -> String {
    let here = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    format!("/login?next={}", encode(&here))
}

pub(crate) fn set_head(head: Head) {
    META.with_borrow_mut(|meta| meta.head = head);
}

pub(crate) fn set_cache(cache: CachePolicy) {
    META.with_borrow_mut(|meta| meta.cache = cache);
}

/// Answers with another status than 200.
pub fn set_status(status: u16, location: Option<String>) {
    META.with_borrow_mut(|meta| {
        meta.status = status;
        meta.location = location;
    });
}
