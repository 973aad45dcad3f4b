use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use http::{HeaderMap, Method, StatusCode};
use kit::Clock;
use tokio::sync::oneshot;
use tokio_util::task::TaskTracker;

use super::*;

fn cache() -> Arc<PageCache> {
    Arc::new(PageCache::new(1 << 20, Clock::system(), TaskTracker::new()))
}

fn page(text: &str) -> Kept {
    let keeping = Keeping {
        tags: vec!["posts".to_owned()],
        release: "r".to_owned(),
        made_at: Clock::system().millis(),
        fresh_ms: 60_000,
        stale_ms: 0,
    };
    Kept::new(StatusCode::OK, HeaderMap::new(), text.to_owned().into(), Some(keeping))
}

async fn text(kept: Arc<Kept>) -> String {
    let response = kept.respond(&Method::GET, &HeaderMap::new()).await;
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("a body");
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[tokio::test]
async fn what_changed_while_it_was_made_is_not_kept() {
    let cache = cache();
    for what in [Purge::Tag("posts"), Purge::Path("/other"), Purge::All] {
        let (go_on, may_go_on) = oneshot::channel::<()>();
        let (begun, has_begun) = oneshot::channel();
        let (asked, old) = (cache.clone(), async move {
            begun.send(()).expect("somebody waits");
            may_go_on.await.expect("it goes on");
            page("old")
        });
        let first = tokio::spawn(async move { asked.answer("en /", "r", || old).await });
        has_begun.await.expect("it begins");
        cache.purge(what);
        let later = cache.answer("en /", "r", || async { page("new") }).await;
        assert_eq!(text(later).await, "new", "who asks after {what:?} gets what is so now");
        go_on.send(()).expect("it waits");
        assert_eq!(text(first.await.expect("an answer")).await, "old");
        let kept = cache.answer("en /", "r", || async { page("newest") }).await;
        assert_eq!(text(kept).await, "new", "{what:?}");
        cache.purge(Purge::All);
    }
}

#[tokio::test]
async fn a_purge_of_something_else_keeps_what_is_being_made() {
    let cache = cache();
    let inner = cache.clone();
    let make = || async move {
        inner.purge(Purge::Tag("pages"));
        page("whole")
    };
    cache.answer("en /", "r", make).await;
    assert!(cache.fresh("en /", "r").is_some());
    assert!(cache.fresh("en /", "another release").is_none());
}

#[tokio::test]
async fn a_making_that_panics_ends_for_all_who_wait() {
    let cache = cache();
    let made = Arc::new(AtomicUsize::new(0));
    let make = || {
        let made = made.clone();
        async move {
            assert!(made.fetch_add(1, Ordering::SeqCst) > 0, "the first one panics");
            page("whole")
        }
    };
    let (first, second) = tokio::join!(cache.answer("en /", "r", make), cache.answer("en /", "r", make));
    for broken in [first, second] {
        assert_eq!(broken.respond(&Method::GET, &HeaderMap::new()).await.status(), 500);
    }
    assert_eq!(text(cache.answer("en /", "r", make).await).await, "whole");
}

#[tokio::test]
async fn a_page_that_is_no_more_is_not_kept_any_longer() {
    let cache = cache();
    let stale = Keeping { fresh_ms: -1, stale_ms: 0, ..page("").keeping().expect("it may be kept").clone() };
    let old = Kept::new(StatusCode::OK, HeaderMap::new(), "old".into(), Some(stale));
    cache.answer("en /", "r", || async { old }).await;
    let gone = || async { Kept::new(StatusCode::NOT_FOUND, HeaderMap::new(), "gone".into(), None) };
    assert_eq!(text(cache.answer("en /", "r", gone).await).await, "gone");
    assert_eq!(cache.statistics().entries, 0);
    assert!(cache.statistics().tags.is_empty());
}
