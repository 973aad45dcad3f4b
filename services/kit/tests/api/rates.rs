//! Both kinds of buckets, through the same tests.

use std::{sync::Arc, time::Duration};

use kit::{
    cache::Cache,
    id,
    rates::{self, Buckets, Quota},
    testing::{Proxy, eventually, redis},
};

macro_rules! on_both_kinds {
    ($($test:ident),+ $(,)?) => {
        mod of_the_process {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() { super::$test(kit::rates::beside(&kit::cache::Cache::in_process(1 << 20))).await; })+
        }
        mod of_redis {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() { super::$test(super::in_redis(kit::testing::redis::url())).await; })+
        }
    };
}

on_both_kinds!(
    a_bucket_allows_what_it_holds_and_no_more,
    keys_do_not_meet,
    what_was_taken_comes_back_bit_by_bit,
    as_many_pass_at_once_as_one_after_the_other,
);

fn in_redis(url: &str) -> Arc<dyn Buckets> {
    rates::beside(&Cache::redis(url).expect("a URL").scoped(&id::new()))
}

/// Long enough that nothing comes back while a test runs.
const FEW: Quota = Quota { requests: 3, window: Duration::from_secs(3000) };

async fn a_bucket_allows_what_it_holds_and_no_more(buckets: Arc<dyn Buckets>) {
    for left in [2, 1, 0] {
        let taken = buckets.take("a", FEW).await;
        assert!(taken.allowed && taken.retry_after.is_zero());
        assert_eq!(taken.remaining, left);
    }
    for _ in 0..5 {
        let refused = buckets.take("a", FEW).await;
        assert!(!refused.allowed && refused.remaining == 0, "{refused:?}");
        let (wait, full) = (refused.retry_after.as_secs(), refused.full_in.as_secs());
        assert!((900..=1000).contains(&wait), "asking again does not make it longer: {refused:?}");
        assert!((2900..=3000).contains(&full), "{refused:?}");
    }
}

async fn keys_do_not_meet(buckets: Arc<dyn Buckets>) {
    while buckets.take("a", FEW).await.allowed {}
    assert!(buckets.take("b", FEW).await.allowed);
}

async fn what_was_taken_comes_back_bit_by_bit(buckets: Arc<dyn Buckets>) {
    let quick = Quota { requests: 2, window: Duration::from_millis(400) };
    while buckets.take("a", quick).await.allowed {}
    let again = || async { Some(buckets.take("a", quick).await).filter(|taken| taken.allowed) };
    let again = eventually("another turn", again).await;
    assert_eq!(again.remaining, 0, "one came back, not all");
}

async fn as_many_pass_at_once_as_one_after_the_other(buckets: Arc<dyn Buckets>) {
    let quota = Quota { requests: 20, window: Duration::from_secs(20_000) };
    let asked = (0..200).map(|_| {
        let buckets = buckets.clone();
        tokio::spawn(async move { buckets.take("a", quota).await.allowed })
    });
    let passed = futures_util::future::join_all(asked).await;
    assert_eq!(passed.into_iter().filter(|allowed| *allowed.as_ref().expect("it ends")).count(), 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_count_together_and_each_alone_while_redis_is_away() {
    let (proxy, url) = Proxy::before(redis::url()).await;
    let cache = Cache::redis(&url).expect("a URL").scoped(&id::new());
    let (one, other) = (rates::beside(&cache), rates::beside(&cache));
    for buckets in [&one, &other, &one] {
        assert!(buckets.take("a", FEW).await.allowed);
    }
    assert!(!other.take("a", FEW).await.allowed, "the replica sees what the other took");
    proxy.cut();
    for _ in 0..3 {
        assert!(other.take("b", FEW).await.allowed, "nobody is shut out because Redis is away");
    }
    // One or two may come back while a busy machine takes its time.
    let mut refused = false;
    for _ in 0..20 {
        refused |= !other.take("b", FEW).await.allowed;
    }
    assert!(refused, "but nobody is let in without end either");
    proxy.mend().await;
    eventually("counting together again", || async {
        let key = id::new();
        for _ in 0..3 {
            one.take(&key, FEW).await;
        }
        (!other.take(&key, FEW).await.allowed).then_some(())
    })
    .await;
}
