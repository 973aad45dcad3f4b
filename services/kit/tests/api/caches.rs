//! Both caches, through the same tests.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use kit::{
    cache::Cache,
    id,
    testing::{eventually, redis},
};

const HOUR: Duration = Duration::from_secs(3600);

macro_rules! on_both_caches {
    ($($test:ident),+ $(,)?) => {
        mod of_the_process {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() { super::$test(kit::cache::Cache::in_process(1 << 20).scoped("test")).await; })+
        }
        mod of_redis {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() { super::$test(super::in_redis()).await; })+
        }
    };
}

on_both_caches!(
    what_is_kept_is_found_until_it_ends,
    one_makes_for_all_who_ask_at_once,
    tags_and_prefixes_forget_what_belongs_to_them,
    what_was_begun_before_a_change_is_not_kept,
    failures_are_not_kept,
    scopes_do_not_meet,
);

fn in_redis() -> Cache {
    Cache::redis(redis::url()).expect("a URL").scoped(&id::new())
}

async fn what_is_kept_is_found_until_it_ends(cache: Cache) {
    cache.set("a", &vec![1, 2], HOUR, &[]).await;
    assert_eq!(cache.get::<Vec<u8>>("a").await, Some(vec![1, 2]));
    assert_eq!(cache.get::<String>("a").await, None, "another shape is none");
    cache.set("short", &1, Duration::from_millis(40), &[]).await;
    eventually("its end", || async { cache.get::<u8>("short").await.is_none().then_some(()) }).await;
    cache.forget("a").await;
    assert_eq!(cache.get::<Vec<u8>>("a").await, None);
}

async fn one_makes_for_all_who_ask_at_once(cache: Cache) {
    let made = AtomicU32::new(0);
    let ask = || {
        cache.get_or("a", HOUR, &[], async || {
            made.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            Ok::<_, ()>("made".to_owned())
        })
    };
    let answers = futures_util::future::join_all((0..50).map(|_| ask())).await;
    assert!(answers.iter().all(|answer| answer.as_deref() == Ok("made")));
    assert_eq!(made.load(Ordering::SeqCst), 1);
}

async fn tags_and_prefixes_forget_what_belongs_to_them(cache: Cache) {
    cache.set("post:1", &1, HOUR, &["posts", "author:7"]).await;
    cache.set("post:2", &2, HOUR, &["posts"]).await;
    cache.set("page*1", &3, HOUR, &[]).await;
    cache.forget_tag("author:7").await;
    assert_eq!((cache.get::<u8>("post:1").await, cache.get::<u8>("post:2").await), (None, Some(2)));
    cache.forget_tag("posts").await;
    assert_eq!(cache.get::<u8>("post:2").await, None);
    cache.set("page:1", &4, HOUR, &[]).await;
    cache.forget_prefix("page*").await;
    assert_eq!((cache.get::<u8>("page*1").await, cache.get::<u8>("page:1").await), (None, Some(4)));
    cache.set("post:3", &5, HOUR, &["posts"]).await;
    assert_eq!(cache.get::<u8>("post:3").await, Some(5), "what comes after is kept");
}

async fn what_was_begun_before_a_change_is_not_kept(cache: Cache) {
    for forget in [0, 1, 2] {
        let made = cache
            .get_or("a", HOUR, &["tag"], async || {
                match forget {
                    0 => cache.forget("a").await,
                    1 => cache.forget_tag("tag").await,
                    _ => cache.forget_prefix("").await,
                }
                Ok::<_, ()>(1)
            })
            .await;
        assert_eq!((made, cache.get::<i32>("a").await), (Ok(1), None));
    }
}

async fn failures_are_not_kept(cache: Cache) {
    assert_eq!(cache.get_or::<u8, _>("a", HOUR, &[], async || Err("no")).await, Err("no"));
    assert_eq!(cache.get_or("a", HOUR, &[], async || Ok::<u8, &str>(1)).await, Ok(1));
}

async fn scopes_do_not_meet(cache: Cache) {
    let (blog, auth) = (cache.scoped("blog"), cache.scoped("auth"));
    blog.set("a", &1, HOUR, &["t"]).await;
    auth.set("a", &2, HOUR, &["t"]).await;
    auth.forget_tag("t").await;
    assert_eq!((blog.get::<u8>("a").await, auth.get::<u8>("a").await), (Some(1), None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_see_what_another_forgot() {
    let (one, other) = (in_redis(), Cache::redis(redis::url()).expect("a URL"));
    let scope = format!("{one:?}");
    let scope = scope.split("maru:").nth(1).and_then(|rest| rest.split(':').next()).expect("a scope").to_owned();
    let other = other.scoped(&scope);
    one.set("a", &1, HOUR, &["t"]).await;
    assert_eq!(other.get::<u8>("a").await, Some(1));
    other.forget_tag("t").await;
    assert_eq!(one.get::<u8>("a").await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_everything_is_made_anew_and_it_comes_back_by_itself() {
    let server = tokio::task::spawn_blocking(redis::own).await.expect("a server of one's own");
    let cache = Cache::redis(&server.url).expect("a URL");
    cache.set("a", &1, HOUR, &[]).await;
    assert_eq!(cache.get::<u8>("a").await, Some(1));
    server.kill();
    for _ in 0..3 {
        let begun = std::time::Instant::now();
        assert_eq!(cache.get_or("b", HOUR, &["t"], async || Ok::<u8, ()>(2)).await, Ok(2));
        cache.forget_tag("t").await;
        assert!(begun.elapsed() < Duration::from_secs(3));
    }
    server.restart();
    eventually("its return", || async {
        cache.set("c", &3, HOUR, &[]).await;
        cache.get::<u8>("c").await
    })
    .await;
}
