//! Mounts an area and takes its moves.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use contracts::problem::FieldError;
use js_sys::{Array, Promise};
use maud::Markup;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

use super::data;
use super::host::{Boot, Host, enter, enter_form, set_host};
use super::json::text;
use crate::{Area, Location, field_error_text, problem_text, request, root};

/// How long the page before stays while the next one's data is on its way, in milliseconds.
const PATIENCE: i32 = 300;

/// A mounted area. Not exported from here: the linker keeps whatever a crate exports to JavaScript, and the
/// shell, which links this crate too, mounts nothing.
pub struct Mounted {
    go: Box<dyn Fn(String, bool) -> Promise>,
    view: Box<dyn Any>,
}

impl Mounted {
    /// Shows the page at `url`. `back` says that the visitor returns by the browser's buttons: what was
    /// read then is shown again at once. Resolves when the page is on screen.
    pub fn navigate(&self, url: String, back: bool) -> Promise {
        (self.go)(url, back)
    }

    /// What is wrong with a field that was refused, or, without a field, with a form as a whole; in words.
    pub fn refusal(code: String, field: Option<String>, message: String) -> String {
        match field {
            Some(field) => field_error_text(&FieldError { field, code, message }),
            None => problem_text(&code).to_owned(),
        }
    }

    /// Takes the area off the page.
    pub fn unmount(self) {
        data::leave();
        drop(self.view);
    }
}

/// Shows an area in `root`. Resolves to what `export` makes of the [`Mounted`] when its page is there.
pub fn mount<A: Area>(root: JsValue, host: Host, boot: Boot, export: fn(Mounted) -> JsValue) -> Promise {
    wasm_bindgen_futures::future_to_promise(async move {
        Ok(export(mount_in::<A>(root.unchecked_into(), host, boot).await))
    })
}

async fn mount_in<A: Area>(element: HtmlElement, host: Host, boot: Boot) -> Mounted {
    set_host(host.clone());
    forget_when_stale(&host);
    let request = boot.request();
    let location = Location::new(&text(&request, "path"), &text(&request, "query"));
    enter(&request);
    enter_form(&request);
    let route = A::route(&location);
    let read = A::read(&route);

    let hydrate = boot.hydrate();
    let page = if hydrate {
        // It is there: taking it over compares nothing, so nothing has to be drawn for it, nor read.
        Markup::default()
    } else {
        element.set_inner_html("");
        arrive(read.as_deref(), false).await;
        A::view(&route)
    };
    let view: Box<dyn Any> = if hydrate {
        Box::new(leptos::mount::hydrate_from(element.clone(), move || root(page)))
    } else {
        Box::new(leptos::mount::mount_to(element.clone(), move || root(page)))
    };
    let page: HtmlElement = element.first_element_child().unwrap_or(element.into()).unchecked_into();
    boot.draw(&page, None, true);

    let route = Rc::new(RefCell::new(route));
    let shown = route.clone();
    let served = Rc::new(Cell::new(hydrate));
    let drawn = page.clone();
    let draw = Rc::new(move |markup: Option<String>, same: bool| {
        let markup = markup.unwrap_or_else(|| A::view(&shown.borrow()).into_string());
        boot.draw(&drawn, Some(markup), same);
    });
    let again = draw.clone();
    data::when_arrived(Box::new(move || again(None, true)));

    let turns = Rc::new(Cell::new(0));
    let go = move |url: String, back: bool| {
        let turn = turns.get() + 1;
        turns.set(turn);
        let (route, turns, draw) = (route.clone(), turns.clone(), draw.clone());
        let next = A::route(&Location::parse(&url));
        let read = A::read(&next);
        let same = *route.borrow() == next;
        if !same && served.take() {
            data::keep_served(A::read(&route.borrow()), page.inner_html());
        }
        wasm_bindgen_futures::future_to_promise(async move {
            let markup = if back { data::served(read.as_deref()) } else { None };
            match markup {
                Some(_) => data::leave(),
                None => arrive(read.as_deref(), back).await,
            }
            if turns.get() == turn {
                request::keep_form(None);
                let same = route.replace(next.clone()) == next;
                draw(markup, same);
            }
            Ok(JsValue::UNDEFINED)
        })
    };
    Mounted { go: Box::new(go), view }
}

/// Loads what the next page reads, while the one before stays on screen, but not for long.
async fn arrive(read: Option<&str>, back: bool) {
    let Some(path) = read else { return data::leave() };
    if let (_, Some(answered)) = data::load(path, back) {
        let race = Promise::race(&Array::of2(&answered, &timer(PATIENCE)));
        _ = JsFuture::from(race).await;
    }
}

fn timer(milliseconds: i32) -> Promise {
    Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
        }
    })
}

/// What was read says no more what is, once the visitor is another one or a form was taken.
fn forget_when_stale(host: &Host) {
    thread_local! {
        static LISTENER: Closure<dyn FnMut()> = Closure::new(data::forget);
    }
    LISTENER.with(|listener| {
        host.on("viewer", listener);
        host.on("stale", listener);
    });
}
