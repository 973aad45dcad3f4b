//! Loads page data: one load at a time, since a module shows one page at a time.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use contracts::pages::PageModel;
use contracts::problem::Problem;
use gloo_net::http::Request;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use super::host::host;
use super::json::decode;
use crate::PageState;

/// How many answers are kept for back and forward.
const KEPT: usize = 20;

/// The answer for a page, as it came.
type Answer = Result<JsValue, Problem>;

/// The page that came with the document, as it was left.
struct Served {
    read: Option<String>,
    markup: String,
    title: String,
}

/// One read, under way or done.
pub(super) struct Load {
    path: String,
    answer: RefCell<Option<Answer>>,
    /// Whether a page was shown without it.
    awaited: Cell<bool>,
    abort: Option<AbortController>,
}

thread_local! {
    static CURRENT: RefCell<Option<Rc<Load>>> = const { RefCell::new(None) };
    static ARRIVED: RefCell<Option<Box<dyn Fn()>>> = const { RefCell::new(None) };
    static CACHE: RefCell<Vec<(String, Answer)>> = const { RefCell::new(Vec::new()) };
    static SERVED: RefCell<Option<Served>> = const { RefCell::new(None) };
}

/// Draws the page again when its data comes after it.
pub(super) fn when_arrived(draw: Box<dyn Fn()>) {
    ARRIVED.set(Some(draw));
}

fn put(path: String, answer: Answer) -> Rc<Load> {
    enter(Load { path, answer: RefCell::new(Some(answer)), awaited: Cell::new(false), abort: None })
}

/// Keeps the page that came with the document, which has no data of its own, for whoever returns to it.
pub(super) fn keep_served(read: Option<String>, markup: String) {
    let title = document().map(|document| document.title()).unwrap_or_default();
    SERVED.set(Some(Served { read, markup, title }));
}

/// The markup of the page that came with the document, if it is the one that reads this; names it again.
pub(super) fn served(read: Option<&str>) -> Option<String> {
    SERVED.with_borrow(|served| {
        let served = served.as_ref().filter(|served| served.read.as_deref() == read)?;
        document()?.set_title(&served.title);
        Some(served.markup.clone())
    })
}

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

/// Starts to load a page's data, and gives up the page before. `kept` allows an answer from the cache.
/// The promise resolves when the answer is there; there is none when it is there already.
pub(super) fn load(path: &str, kept: bool) -> (Rc<Load>, Option<Promise>) {
    let found = if kept { CACHE.with_borrow(|cache| cache.iter().find(|(at, _)| at == path).cloned()) } else { None };
    if let Some((path, answer)) = found {
        return (put(path, answer), None);
    }
    let load = enter(Load {
        path: path.to_owned(),
        answer: RefCell::new(None),
        awaited: Cell::new(false),
        abort: AbortController::new().ok(),
    });
    let running = load.clone();
    let answered = wasm_bindgen_futures::future_to_promise(async move {
        run(&running).await;
        Ok(JsValue::UNDEFINED)
    });
    (load, Some(answered))
}

fn enter(load: Load) -> Rc<Load> {
    let load = Rc::new(load);
    if let Some(abort) = CURRENT.replace(Some(load.clone())).and_then(|left| left.abort.clone()) {
        abort.abort();
    }
    load
}

async fn run(load: &Rc<Load>) {
    if let Some(host) = host() {
        host.busy(true);
    }
    let (release, value) = fetch(load).await;
    if let Some(host) = host() {
        host.busy(false);
        if let Some(release) = release {
            host.release(&release).await;
        }
    }
    let current = CURRENT.with_borrow(|current| current.as_ref().is_some_and(|current| Rc::ptr_eq(current, load)));
    if !current {
        return;
    }
    if value.is_ok() {
        keep(&load.path, &value);
    }
    load.answer.replace(Some(value));
    if load.awaited.get() {
        ARRIVED.with_borrow(|arrived| arrived.iter().for_each(|draw| draw()));
    }
}

/// The release that answered, and the answer.
async fn fetch(load: &Load) -> (Option<String>, Result<JsValue, Problem>) {
    let signal = load.abort.as_ref().map(AbortController::signal);
    let request = Request::get(&load.path).header("Accept", "application/json").abort_signal(signal.as_ref());
    let Ok(response) = request.send().await else { return (None, Err(offline())) };
    let release = response.headers().get("x-maru-release");
    if response.redirected() {
        // `fetch` has followed to the document of where the page lives now.
        let moved = web_sys::Url::new(&response.url()).map(|url| Problem::moved(url.pathname() + &url.search()));
        return (release, Err(moved.unwrap_or_else(|_| Problem::unavailable())));
    }
    let ok = response.ok();
    let value = match body(response).await {
        Some(body) if ok => Ok(body),
        Some(problem) => Err(decode(problem).unwrap_or_else(Problem::unavailable)),
        None => Err(Problem::unavailable()),
    };
    (release, value)
}

pub(super) async fn body(response: gloo_net::http::Response) -> Option<JsValue> {
    let response: web_sys::Response = response.into();
    JsFuture::from(response.json().ok()?).await.ok()
}

pub(super) fn offline() -> Problem {
    Problem { code: "offline".to_owned(), ..Problem::default() }
}

fn keep(path: &str, answer: &Answer) {
    CACHE.with_borrow_mut(|cache| {
        cache.retain(|(at, _)| at != path);
        if cache.len() == KEPT {
            drop(cache.remove(0));
        }
        cache.push((path.to_owned(), answer.clone()));
    });
}

/// Forgets what is kept: the visitor is another one now, or has changed what was read.
pub(super) fn forget() {
    CACHE.take();
    SERVED.take();
}

/// Gives up what is under way.
pub(super) fn leave() {
    if let Some(abort) = CURRENT.take().and_then(|left| left.abort.clone()) {
        abort.abort();
    }
}

/// The data of a page, if it is there; else the page is drawn again as soon as it is.
pub(crate) fn read<T: PageModel>(path: &str) -> PageState<T> {
    let current = CURRENT.with_borrow(Clone::clone).filter(|load| load.path == path);
    let load = current.unwrap_or_else(|| load(path, false).0);
    let answer = load.answer.borrow().clone();
    match answer {
        Some(answer) => state(answer),
        None => {
            load.awaited.set(true);
            PageState::Loading
        }
    }
}

fn state<T: PageModel>(answer: Answer) -> PageState<T> {
    match answer.and_then(|value| decode::<T>(value).ok_or_else(Problem::unavailable)) {
        Ok(page) => PageState::Ready(page),
        Err(problem) => match elsewhere(&problem) {
            Some(location) => {
                if let Some(host) = host() {
                    host.navigate(&location, true);
                }
                PageState::Loading
            }
            None => PageState::Failed(problem),
        },
    }
}

/// Where to go when the page has moved, or wants a signed-in visitor.
fn elsewhere(problem: &Problem) -> Option<String> {
    if problem.status == 401 {
        let location = web_sys::window()?.location();
        let here = location.pathname().ok()? + &location.search().ok()?;
        return Some(format!("/login?next={}", crate::encode(&here)));
    }
    problem.location.clone().filter(|_| problem.status < 400)
}
