//! Filters, pages and order.

use std::time::Duration;

use contracts::blog::{Paged, PostInput, PostSummary};
use futures_util::stream::{FuturesUnordered, StreamExt};
use kit::testing::{Answer, Backend};
use sea_orm::ConnectionTrait;
use tokio::time::timeout;

use crate::support::{Blog, encode, public, titles, write};

kit::on_both_databases!(pages_follow_publication, filters_combine, text_is_found_literally, odd_parameters_are_named);

async fn pages_follow_publication(backend: Backend) {
    let blog = Blog::start(backend).await;
    for title in ["One", "Two", "Three"] {
        write(&blog.author(), &public(title)).await;
        blog.shared.advance(time::Duration::minutes(1));
    }
    let page: Paged<PostSummary> = blog.client.get("/api/posts?size=2").await.json(200);
    assert_eq!((page.items.len(), page.total), (2, 3));
    assert_eq!(titles(&blog.client, "/api/posts?size=2&page=1").await, ["Three", "Two"]);
    assert_eq!(titles(&blog.client, "/api/posts?size=2&page=2").await, ["One"]);
    assert_eq!(titles(&blog.client, "/api/posts?size=2&page=9").await, Vec::<String>::new());
}

async fn filters_combine(backend: Backend) {
    let blog = Blog::start(backend).await;
    let tagged = |title: &str, tag: &str| PostInput { tags: vec![tag.to_owned()], ..public(title) };
    write(&blog.author(), &tagged("A", "Rust")).await;
    write(&blog.admin(), &tagged("B", "Rust")).await;
    write(&blog.author(), &tagged("C", "웹")).await;
    assert_eq!(titles(&blog.client, "/api/posts?tag=rust&sort=title").await, ["A", "B"]);
    assert_eq!(titles(&blog.client, "/api/posts?tag=rust&author=admin").await, ["B"]);
    assert_eq!(titles(&blog.client, &format!("/api/posts?tag={}", encode("웹"))).await, ["C"]);
    assert_eq!(titles(&blog.client, "/api/posts?category=none").await, Vec::<String>::new());
    assert_eq!(titles(&blog.client, "/api/posts?tag=&category=&q=&sort=title").await, ["A", "B", "C"]);
}

async fn text_is_found_literally(backend: Backend) {
    let blog = Blog::start(backend).await;
    write(&blog.author(), &public("100% Rust_lang")).await;
    blog.shared.advance(time::Duration::minutes(1));
    write(&blog.author(), &public("1000 rustXlang 마루")).await;
    let search = async |q: &str| titles(&blog.client, &format!("/api/posts?sort=title&q={}", encode(q))).await;
    assert_eq!(search("100%").await, ["100% Rust_lang"]);
    assert_eq!(search("rust_lang").await, ["100% Rust_lang"]);
    assert_eq!(search("RUST 마루").await, ["1000 rustXlang 마루"]);
    assert_eq!(search("' OR 1=1 --").await, Vec::<String>::new());
    assert_eq!(search("\\").await, Vec::<String>::new());
    // Pages of them, and one after the last.
    for (number, expected) in [(1, vec!["100% Rust_lang"]), (2, vec!["1000 rustXlang 마루"]), (3, vec![])] {
        let path = format!("/api/posts?sort=oldest&q=100&size=1&page={number}");
        let page: Paged<PostSummary> = blog.client.get(&path).await.json(200);
        let titles: Vec<&str> = page.items.iter().map(|post| post.title.as_str()).collect();
        assert_eq!((titles, page.total), (expected, 2));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn few_at_a_time_read_all_texts() {
    // SQLite's readers cannot be held up.
    let blog = Blog::start(Backend::Postgres).await;
    write(&blog.author(), &public("Hello")).await;
    let db = blog.db.connect().await;
    let tx = db.begin().await.expect("a transaction");
    tx.execute_unprepared("LOCK TABLE post_texts IN ACCESS EXCLUSIVE MODE").await.expect("a lock");
    let ask = async |number: u32| blog.client.get(&format!("/api/posts?q=text{number}")).await;
    let mut answers: FuturesUnordered<_> = (0..5).map(ask).collect();
    let mut next = async || -> Answer {
        let answer = timeout(Duration::from_secs(10), answers.next()).await;
        answer.expect("whoever has no turn is told so").expect("an answer")
    };
    for _ in 0..3 {
        let refused = next().await;
        assert_eq!(refused.headers.get("retry-after").map(|seconds| seconds.as_bytes()), Some(&b"1"[..]));
        assert_eq!(refused.problem(429).code, "too_many_attempts");
    }
    // Nobody else waits for them.
    assert_eq!(titles(&blog.client, "/api/posts").await, ["Hello"]);
    tx.rollback().await.expect("unlocked");
    for _ in 0..2 {
        assert_eq!(next().await.json::<Paged<PostSummary>>(200).total, 0);
    }
    assert_eq!(titles(&blog.client, "/api/posts?q=text").await, ["Hello"]);
}

async fn odd_parameters_are_named(backend: Backend) {
    let blog = Blog::start(backend).await;
    let odd = [
        ("page=0", "page"),
        ("page=x", "page"),
        ("page=99999999999", "page"),
        ("size=101", "size"),
        ("size=-1", "size"),
        ("sort=random", "sort"),
        ("status=WHATEVER", "status"),
    ];
    for (query, field) in odd {
        let problem = blog.client.get(&format!("/api/posts?{query}")).await.problem(400);
        assert_eq!(problem.errors[0].field, field, "{query}: {problem:?}");
    }
    let sizes = [("posts/featured", 100), ("categories", 100), ("tags", 100), ("search", 50), ("search/suggest", 20)];
    for (list, most) in sizes {
        for size in [0, most + 1, u32::MAX] {
            let problem = blog.client.get(&format!("/api/{list}?size={size}")).await.problem(400);
            assert_eq!(problem.errors[0].field, "size", "{list}: {size}");
        }
        assert_eq!(blog.client.get(&format!("/api/{list}?size={most}")).await.status, 200, "{list}");
    }
    for list in ["categories", "tags"] {
        let problem = blog.client.get(&format!("/api/{list}?page=0")).await.problem(400);
        assert_eq!(problem.errors[0].field, "page", "{list}");
    }
}
