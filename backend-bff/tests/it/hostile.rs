//! A module that misbehaves costs the one page its server rendering, and nothing else.

use std::time::{Duration, Instant};

use crate::site::{Reply, Site};

fn assert_skeleton(reply: &Reply, trick: &str) {
    assert_eq!(reply.status, 200, "{trick}");
    assert_eq!(reply.outlet(), "<p class=\"skeleton\">hostile is loading</p>", "{trick}");
    assert_eq!(reply.boot()["rendered"], false, "{trick}");
    assert_eq!(reply.header("cache-control"), "private, no-store", "{trick}");
    assert!(!reply.text().contains("id=\"maru-data\""), "{trick}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_trick_costs_only_its_own_rendering() {
    let site = Site::start().await;
    let tricks = [
        "loop",
        "alloc",
        "panic",
        "recurse",
        "sleep",
        "exit",
        "garbage",
        "garbage-data",
        "flood",
        "flood-at-once",
        "huge",
        "stdout",
        "status",
        "away",
    ];
    // All at once, with good pages among them.
    let bad = futures_util::future::join_all(tricks.iter().map(async |trick| {
        let reply = site.get(&format!("/hostile/{trick}")).await;
        assert_skeleton(&reply, trick);
    }));
    let good = futures_util::future::join_all((0..20).map(async |number| {
        let reply = site.get(&format!("/good/{number}")).await;
        assert_eq!(reply.status, 200);
        assert_eq!(reply.boot()["rendered"], true, "a good page is rendered whatever runs beside it");
        assert!(reply.outlet().contains(&format!("<h1>/good/{number}</h1>")));
    }));
    tokio::join!(bad, good);

    let expected = tricks.len() as u64;
    let (renders, failures) = site.counters("hostile").await;
    assert_eq!(failures, expected - 2, "renderings with a senseless status or target are judged after the sandbox");
    assert_eq!(renders, expected);
    assert_eq!(site.counters("good").await, (20, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_loop_ends_after_half_a_second_and_good_pages_do_not_wait_for_it() {
    let site = Site::start().await;
    let start = Instant::now();
    let (looping, good) = tokio::join!(site.get("/hostile/loop"), async {
        let reply = site.get("/good").await;
        (reply, start.elapsed())
    });
    let looped = start.elapsed();
    assert_skeleton(&looping, "loop");
    assert_eq!(good.0.status, 200);
    assert!(good.1 < looped, "{:?} of {looped:?}", good.1);
    assert!(looped > Duration::from_millis(300) && looped < Duration::from_secs(5), "{looped:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prying_finds_nothing() {
    let site = Site::start().await;
    let reply = site.get("/hostile/pry").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.outlet(), "<p>5 0 0 false</p>", "no read beyond pages, no files, no environment, no network");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_shell_leaves_a_readable_page() {
    let site = Site::start().await;
    let reply = site.get("/good/post/hello?break-shell=1").await;
    assert_eq!(reply.status, 200);
    assert!(reply.text().contains("<h1>/good/post/hello</h1>"), "{}", reply.text());
    assert!(!reply.text().contains("<script"));
    let reply = site.get("/nowhere?break-shell").await;
    assert_eq!(reply.status, 404);
    assert!(reply.text().contains("<h1>There is nothing here</h1>"));
    let reply = site.get("/hostile/panic?break-shell=1").await;
    assert_eq!(reply.status, 503);
}
